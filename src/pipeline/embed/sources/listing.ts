/** What goes into an embedding set, found and named but not read yet: the pictures and their captions. */
import type { Cell } from "../../../formats/table.ts";
import type { SetSource } from "../../../protocol/embedding-set.ts";

/** A picture's bytes: a file, or a part of one. */
export interface ListedPicture {
  /** As the item table is to name it. */
  readonly file: string;
  /** Absolute path of the file, or of the archive that it lies in. */
  readonly path: string;
  /** First byte in an archive; null for a file of its own. */
  readonly start: number | null;
  readonly bytes: number;
  /** When the file or the archive was last changed, in milliseconds since 1970. */
  readonly modified: number;
}

/** Why a picture that the input names is not in the set. */
export type SkipReason =
  /** No such file. */
  | "missing"
  /** Its path or a link leads out of the folder of the pictures. */
  | "outside the folder of pictures"
  | "on the web"
  /** The archive ends in the middle of it. */
  | "cut off";

export interface SkippedPicture {
  readonly file: string;
  readonly reason: SkipReason;
}

/** Texts in the order of their pictures; several may belong to one. */
export interface ListedCaptions {
  readonly text: readonly string[];
  /** Number of the picture in the listing; −1 for a text without one. */
  readonly picture: readonly number[];
  readonly source: readonly (string | null)[];
  readonly further: ReadonlyMap<string, readonly Cell[]>;
}

/** How often something occurs, and the first few. */
export interface Occurrences {
  count: number;
  readonly first: string[];
}

export interface Listing {
  /** What the pictures came from, for people: "the folder photos". */
  readonly description: string;
  /** Where their captions came from; null when they have none. */
  readonly captionsFrom: string | null;
  /** Folder that `file` is relative to; null where the pictures lie in archives. */
  readonly root: string | null;
  readonly pictures: readonly ListedPicture[];
  /** What is known of each picture beside its captions. */
  readonly source: readonly (string | null)[];
  readonly further: ReadonlyMap<string, readonly Cell[]>;
  readonly captions: ListedCaptions;
  readonly sources: readonly SetSource[];
  readonly skipped: readonly SkippedPicture[];
  /** Captions that hold nothing but blanks; they are left out. */
  readonly emptyCaptions: Occurrences;
  /** Names of captions whose picture is not there; they are left out. */
  readonly captionsWithoutPicture: Occurrences;
  /** Files of the folder that are neither pictures that can be read nor captions, by their ending. */
  readonly otherFiles: ReadonlyMap<string, number>;
  readonly leftOutColumns: readonly { file: string; column: string; reason: string }[];
}

const firstShown = 5;

export function occurrences(): Occurrences {
  return { count: 0, first: [] };
}

export function occurred(list: Occurrences, name: string): void {
  if (list.count++ < firstShown) list.first.push(name);
}
