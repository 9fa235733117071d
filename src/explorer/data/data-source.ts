/**
 * Where the explorer's bytes come from. Paths are relative and the same everywhere:
 * `summary.json`, `study/<path in the study>`, `set/<path in the embedding set>`.
 */
export interface DataSource {
  json(path: string): Promise<unknown>;
  /** The last `length` bytes of a file (all of a shorter one) and its size. */
  tail(path: string, length: number): Promise<FileTail>;
  /** Bytes `start` to `end`, `end` exclusive. */
  bytes(path: string, start: number, end: number): Promise<ArrayBuffer>;
  /** A whole file of `size` bytes, not kept; `heard` gets the number of bytes as they come. */
  whole(path: string, size: number, heard: (bytes: number) => void): Promise<Uint8Array<ArrayBuffer>>;
  /** Reads where pictures lie, if that has to be read before the first of them. */
  openPictures(): Promise<void>;
  /** The picture of an image row; `version` changes with the set. */
  picture(row: number, version: string): RowPicture;
}

/** Thumbnails of at most 96 and 320 pixels where there are any, and the picture itself. */
export type PictureSize = "small" | "large" | "full";

/** A picture of an image row. */
export interface RowPicture {
  /** Equal for equal pictures. */
  readonly key: string;
  /** Address for an `<img>`: at once where the source knows it, later where bytes have to be read first. */
  address(size: PictureSize): string | Promise<string>;
  /** Why nothing could be shown, in a few words; null: the source does not say. */
  whyNot(size: PictureSize): Promise<string | null>;
}

export interface FileTail {
  size: number;
  bytes: ArrayBuffer;
}
