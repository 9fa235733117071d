/** What the user says of the pictures and captions. The command line's options carry the same names. */
import { captionFileFormats } from "./caption-file.ts";
import type { ColumnChoice } from "./table.ts";

/** How captions are given; `txt` is a file beside each picture, `txt-whole` the same with one caption a file. */
export const captionFormats = ["auto", "none", "txt", "txt-whole", ...captionFileFormats] as const;
export type CaptionFormat = (typeof captionFormats)[number];

export interface SourceOptions extends ColumnChoice {
  /** One folder, one file of captions, or any number of pictures or archives. */
  readonly inputs: readonly string[];
  /** A file of captions for the pictures of a folder. */
  readonly captions?: string | undefined;
  /** Default "auto": told by names and content. */
  readonly captionFormat?: CaptionFormat | undefined;
  /** Folder that a file of captions names pictures in. Default: the one that it lies in. */
  readonly imageRoot?: string | undefined;
}
