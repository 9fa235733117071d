/**
 * The backend of plain loops: one thread, sums in float64, every result rounded to float32 once.
 * It defines what each operation means and is far too slow for real training.
 */
import type { SparseCodes } from "../../base/sparse-codes.ts";
import type { Backend, CodesTensor, Floats, Integers, Product, Rescale } from "../backend.ts";
import {
  checkEncode,
  checkEntryGradients,
  checkFilled,
  checkLeastSquares,
  checkProduct,
  checkRange,
  checkReconstruct,
  checkRescale,
  checkSparseCodes,
  checkUnroll,
  checkUpdate,
} from "../check-operands.ts";
import { encode } from "./encode.ts";
import { leastSquares } from "./least-squares.ts";
import { columnProduct, product } from "./product.ts";
import { reconstruct } from "./reconstruct.ts";
import { rescale } from "./rescale.ts";
import {
  codesOf,
  floatsOf,
  integersOf,
  ReferenceCodes,
  ReferenceFloats,
  ReferenceIntegers,
} from "./tensors.ts";
import { unroll } from "./unroll.ts";
import { update } from "./update.ts";

class ReferenceBackend implements Backend {
  readonly description = { backend: "reference", product: "plain loops", threads: 1 };

  floats(length: number): Floats {
    return new ReferenceFloats(length);
  }

  integers(length: number): Integers {
    return new ReferenceIntegers(length);
  }

  codes(maxRows: number, concepts: number): CodesTensor {
    return new ReferenceCodes(maxRows, concepts);
  }

  write(tensor: Floats, values: Float32Array, offset?: number): void;
  write(tensor: Integers, values: Uint32Array, offset?: number): void;
  write(tensor: Floats | Integers, values: Float32Array | Uint32Array, offset = 0): void {
    checkRange(tensor, offset, values.length);
    if (tensor.type === "f32") floatsOf(tensor).set(values, offset);
    else integersOf(tensor).set(values, offset);
  }

  read(tensor: Floats, offset?: number, length?: number): Promise<Float32Array<ArrayBuffer>>;
  read(tensor: Integers, offset?: number, length?: number): Promise<Uint32Array<ArrayBuffer>>;
  async read(
    tensor: Floats | Integers,
    offset = 0,
    length = tensor.length - offset,
  ): Promise<Float32Array<ArrayBuffer> | Uint32Array<ArrayBuffer>> {
    checkRange(tensor, offset, length);
    const data = tensor.type === "f32" ? floatsOf(tensor) : integersOf(tensor);
    return data.slice(offset, offset + length);
  }

  async readCodes(tensor: CodesTensor, rows: number): Promise<SparseCodes> {
    const codes = codesOf(tensor);
    checkFilled(codes.rows, rows);
    const rowStart = new Uint32Array(rows + 1);
    const kept: number[] = [];
    for (let i = 0; i < rows; i++) {
      for (let e = codes.rowStart[i]; e < codes.rowStart[i + 1]; e++)
        if (codes.signed || codes.value[e] !== 0) kept.push(e);
      rowStart[i + 1] = kept.length;
    }
    const concept = Uint32Array.from(kept, (e) => codes.concept[e]);
    const value = Float32Array.from(kept, (e) => codes.value[e]);
    return { rows, concepts: codes.concepts, rowStart, concept, value };
  }

  writeCodes(tensor: CodesTensor, values: SparseCodes, gradients?: Float32Array): void {
    const codes = codesOf(tensor);
    checkSparseCodes(tensor, values, gradients);
    const count = values.rowStart[values.rows];
    codes.rows = values.rows;
    codes.signed = false;
    codes.rowStart = values.rowStart.slice(0, values.rows + 1);
    codes.concept = values.concept.slice(0, count);
    codes.value = values.value.slice(0, count);
    codes.gradient = gradients?.slice(0, count) ?? new Float32Array(count);
  }

  async readGradients(tensor: CodesTensor, rows: number): Promise<Float32Array<ArrayBuffer>> {
    const codes = codesOf(tensor);
    checkFilled(codes.rows, rows);
    return Float32Array.from(codes.gradient.subarray(0, codes.rowStart[rows]));
  }

  free(): void {}

  async product(operation: Product): Promise<void> {
    checkProduct(operation);
    const { a, b, out, m, n, k } = operation;
    product(floatsOf(a), floatsOf(b), floatsOf(out), m, n, k);
  }

  async columnProduct(operation: Product): Promise<void> {
    checkProduct(operation);
    const { a, b, out, m, n, k } = operation;
    columnProduct(floatsOf(a), floatsOf(b), floatsOf(out), m, n, k);
  }

  async encode(operation: Parameters<Backend["encode"]>[0]): ReturnType<Backend["encode"]> {
    checkEncode(operation);
    return encode(operation);
  }

  async reconstruct(operation: Parameters<Backend["reconstruct"]>[0]): ReturnType<Backend["reconstruct"]> {
    checkReconstruct(operation);
    checkFilled(codesOf(operation.codes).rows, operation.rows);
    return reconstruct(operation);
  }

  async unroll(operation: Parameters<Backend["unroll"]>[0]): Promise<void> {
    checkUnroll(operation);
    const codes = codesOf(operation.codes);
    checkFilled(codes.rows, operation.rows);
    checkEntryGradients(operation.entryGradients, codes.rowStart[operation.rows], operation.dimension);
    unroll(operation);
  }

  async update(operation: Parameters<Backend["update"]>[0]): ReturnType<Backend["update"]> {
    checkUpdate(operation);
    for (const { codes, entryGradients } of operation.terms) {
      const held = codesOf(codes);
      checkFilled(held.rows, operation.rows);
      if (entryGradients) {
        checkEntryGradients(entryGradients, held.rowStart[operation.rows], operation.dimension);
      }
    }
    return update(operation);
  }

  async leastSquares(operation: Parameters<Backend["leastSquares"]>[0]): ReturnType<Backend["leastSquares"]> {
    checkLeastSquares(operation);
    return leastSquares(operation);
  }

  async rescale(operation: Rescale): Promise<void> {
    checkRescale(operation);
    rescale(operation);
  }

  async close(): Promise<void> {}
}

export function createReferenceBackend(): Backend {
  return new ReferenceBackend();
}
