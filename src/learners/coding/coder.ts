/** Turns blocks of raw rows into codes under one dictionary; one file here per way of coding. */
import type { SparseCodes } from "../../base/sparse-codes.ts";

export interface Coder {
  /** Codes of `rows` raw rows (rows x d) of one modality; no more rows than the coder was made for. */
  encode(block: Float32Array, rows: number): Promise<SparseCodes>;
  /** Of the rows encoded last, those whose codes stopped short of their tolerance; left out where there is none. */
  readonly unsettled?: number;
  /** Gives back what the coder holds on the backend. */
  free(): void;
}
