/** What a caption file says, record by record, whatever its format: a picture's name and what is said of it. */
import type { Cell } from "../../../formats/table.ts";
import type { SetSource } from "../../../protocol/embedding-set.ts";

export interface CaptionRecords {
  /** The picture that a record names; null where it names none. */
  readonly file: readonly (string | null)[];
  /** Its captions: none, one or several. Blank ones are still there. */
  readonly captions: readonly (readonly string[])[];
  readonly source: readonly (string | null)[];
  /** Further columns, cell i of record i. */
  readonly further: ReadonlyMap<string, readonly Cell[]>;
  /** Whether the file is one of captions at all: a list of pictures need not be. */
  readonly hasCaptions: boolean;
  readonly origin: SetSource;
  readonly leftOut: readonly { readonly column: string; readonly reason: string }[];
}
