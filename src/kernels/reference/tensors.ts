/** The reference backend's tensors: typed arrays behind the opaque types. */
import { badUsage } from "../../base/errors.ts";
import type { CodesTensor, Floats, Integers } from "../backend.ts";

export class ReferenceFloats implements Floats {
  readonly type = "f32";
  data: Float32Array<ArrayBuffer>;
  constructor(length: number) {
    this.data = new Float32Array(length);
  }
  get length(): number {
    return this.data.length;
  }
}

export class ReferenceIntegers implements Integers {
  readonly type = "u32";
  data: Uint32Array<ArrayBuffer>;
  constructor(length: number) {
    this.data = new Uint32Array(length);
  }
  get length(): number {
    return this.data.length;
  }
}

/** Codes as compressed sparse rows with the loss's gradient beside each entry. */
export class ReferenceCodes implements CodesTensor {
  readonly maxRows: number;
  readonly concepts: number;
  rows = 0;
  /** A signed selection chose the entries: a value of 0 is one like any other. */
  signed = false;
  rowStart: Uint32Array = new Uint32Array(1);
  concept: Uint32Array = new Uint32Array(0);
  value: Float32Array = new Float32Array(0);
  gradient: Float32Array = new Float32Array(0);

  constructor(maxRows: number, concepts: number) {
    this.maxRows = maxRows;
    this.concepts = concepts;
  }

  /** Entries of every row, concepts ascending. */
  fill(rows: readonly (readonly { concept: number; value: number }[])[]): void {
    this.rows = rows.length;
    this.rowStart = new Uint32Array(rows.length + 1);
    rows.forEach((row, i) => (this.rowStart[i + 1] = this.rowStart[i] + row.length));
    const count = this.rowStart[rows.length];
    this.concept = new Uint32Array(count);
    this.value = new Float32Array(count);
    this.gradient = new Float32Array(count);
    let at = 0;
    for (const row of rows) {
      for (const entry of row) {
        this.concept[at] = entry.concept;
        this.value[at] = entry.value;
        at++;
      }
    }
  }
}

const foreign = "a tensor of another backend was given; expected one made by this backend and not freed";

export function floatsOf(tensor: Floats): Float32Array<ArrayBuffer> {
  if (!(tensor instanceof ReferenceFloats)) throw badUsage(foreign);
  return tensor.data;
}

export function integersOf(tensor: Integers): Uint32Array<ArrayBuffer> {
  if (!(tensor instanceof ReferenceIntegers)) throw badUsage(foreign);
  return tensor.data;
}

export function codesOf(tensor: CodesTensor): ReferenceCodes {
  if (!(tensor instanceof ReferenceCodes)) throw badUsage(foreign);
  return tensor;
}
