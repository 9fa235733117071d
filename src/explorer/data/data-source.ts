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
  /** Address of the picture of an image row, for an `<img>`; `version` changes with the set. */
  picture(row: number, version: string): string;
  /** Why nothing could be shown from that address, in a few words; null: the source does not say. */
  whyNoPicture(address: string): Promise<string | null>;
}

export interface FileTail {
  size: number;
  bytes: ArrayBuffer;
}
