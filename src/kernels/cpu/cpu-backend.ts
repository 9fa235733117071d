/**
 * The CPU backend: SIMD WebAssembly over threads with one shared memory. The calling thread works
 * too, so an operation is done when its call returns; the promises are there for the contract.
 */
import { badUsage } from "../../base/errors.ts";
import type { SparseCodes } from "../../base/sparse-codes.ts";
import type {
  Backend,
  BackendDescription,
  CodesTensor,
  Encode,
  Encoded,
  Floats,
  Integers,
  LeastSquared,
  LeastSquares,
  Product,
  Reconstruct,
  Reconstructed,
  Rescale,
  Tensor,
  Unroll,
  Update,
  Updated,
} from "../backend.ts";
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
import { addressOf, CpuCodes, CpuTensor, codesOf } from "./cpu-tensors.ts";
import { encode } from "./encode.ts";
import { Engine } from "./engine.ts";
import type { BlasProduct, KernelThreadStart } from "./kernel-thread.ts";
import { leastSquares } from "./least-squares.ts";
import { multiply } from "./multiply.ts";
import { unroll } from "./pursuit.ts";
import { reconstruct } from "./reconstruct.ts";
import { rescale } from "./rescale.ts";
import { SharedMemory } from "./shared-memory.ts";
import { update } from "./update.ts";
import { bestVariant, compileKernels, type WasmVariant } from "./wasm-module.ts";

/** A worker thread that serves the engine. */
export interface KernelThread {
  /** Resolves when it has ended, which it does by itself once the engine quits. */
  ended(): Promise<void>;
}

/** What a platform gives: threads, whether the caller may sleep, and a BLAS if it found one. */
export interface CpuPlatform {
  /** From 1, the calling thread included. */
  readonly threads: number;
  /** False on a page's own thread, which may not block. */
  readonly maySleep: boolean;
  /** Resolves once the thread has loaded what it needs. */
  startThread(start: KernelThreadStart): Promise<KernelThread>;
  /** The system's BLAS for this thread, on the given memory; workers load their own. */
  readonly blas?: { readonly name: string; bind(memory: { readonly buffer: ArrayBufferLike }): BlasProduct };
  /** Default: the fastest that the runtime accepts. */
  readonly variant?: WasmVariant;
  /** Called after each operation; may let timers, signals and input have a turn before the next one. */
  readonly pause?: () => Promise<void>;
}

export async function startCpuBackend(platform: CpuPlatform): Promise<Backend> {
  const { threads, maySleep } = platform;
  const variant = platform.variant ?? bestVariant();
  const module = compileKernels(variant);
  const memory = new SharedMemory();
  const blas = platform.blas?.bind(memory.memory);
  const engine = new Engine(module, memory, { threads, maySleep, blas });
  const started = await Promise.allSettled(
    Array.from({ length: threads - 1 }, (_, i) =>
      platform.startThread({ module, memory: memory.memory, index: i + 1 }),
    ),
  );
  const workers: KernelThread[] = [];
  for (const thread of started) {
    if (thread.status === "fulfilled") workers.push(thread.value);
    else {
      // Those that did start end too.
      engine.kernels.quit();
      throw thread.reason;
    }
  }
  const product = platform.blas?.name ?? `wasm ${variant}`;
  return new CpuBackend(
    engine,
    workers,
    { backend: "cpu", product, threads },
    platform.pause ?? (() => Promise.resolve()),
  );
}

class CpuBackend implements Backend {
  readonly description: BackendDescription;
  readonly #engine: Engine;
  readonly #workers: readonly KernelThread[];
  readonly #pause: () => Promise<void>;
  #closed = false;

  constructor(
    engine: Engine,
    workers: readonly KernelThread[],
    description: BackendDescription,
    pause: () => Promise<void>,
  ) {
    this.#engine = engine;
    this.#pause = pause;
    this.#workers = workers;
    this.description = description;
  }

  floats(length: number): Floats {
    return new CpuTensor(this.#open(), "f32", length);
  }

  integers(length: number): Integers {
    return new CpuTensor(this.#open(), "u32", length);
  }

  codes(maxRows: number, concepts: number, capacity = 0): CodesTensor {
    return new CpuCodes(this.#open(), maxRows, concepts, capacity);
  }

  write(tensor: Floats, values: Float32Array, offset?: number): void;
  write(tensor: Integers, values: Uint32Array, offset?: number): void;
  write(tensor: Floats | Integers, values: Float32Array | Uint32Array, offset = 0): void {
    const start = addressOf(this.#open(), tensor) / 4 + offset;
    checkRange(tensor, offset, values.length);
    const { f32, u32 } = this.#engine.memory;
    if (tensor.type === "f32") f32.set(values, start);
    else u32.set(values, start);
  }

  read(tensor: Floats, offset?: number, length?: number): Promise<Float32Array<ArrayBuffer>>;
  read(tensor: Integers, offset?: number, length?: number): Promise<Uint32Array<ArrayBuffer>>;
  async read(
    tensor: Floats | Integers,
    offset = 0,
    length = tensor.length - offset,
  ): Promise<Float32Array<ArrayBuffer> | Uint32Array<ArrayBuffer>> {
    const start = addressOf(this.#open(), tensor) / 4 + offset;
    checkRange(tensor, offset, length);
    const { f32, u32 } = this.#engine.memory;
    return tensor.type === "f32"
      ? new Float32Array(f32.subarray(start, start + length))
      : new Uint32Array(u32.subarray(start, start + length));
  }

  async readCodes(tensor: CodesTensor, rows: number): Promise<SparseCodes> {
    const codes = codesOf(this.#open(), tensor);
    checkFilled(codes.filledRows, rows);
    const { f32, u32 } = this.#engine.memory;
    const starts = u32.subarray(codes.rowStart / 4, codes.rowStart / 4 + rows + 1);
    const concepts = u32.subarray(codes.concept / 4, codes.concept / 4 + starts[rows]);
    const values = f32.subarray(codes.value / 4, codes.value / 4 + starts[rows]);
    const rowStart = new Uint32Array(rows + 1);
    const concept = new Uint32Array(starts[rows]);
    const value = new Float32Array(starts[rows]);
    let kept = 0;
    for (let i = 0; i < rows; i++) {
      for (let e = starts[i]; e < starts[i + 1]; e++) {
        if (values[e] === 0 && !codes.signed) continue;
        concept[kept] = concepts[e];
        value[kept] = values[e];
        kept++;
      }
      rowStart[i + 1] = kept;
    }
    const whole = kept === value.length;
    return {
      rows,
      concepts: codes.concepts,
      rowStart,
      concept: whole ? concept : concept.slice(0, kept),
      value: whole ? value : value.slice(0, kept),
    };
  }

  writeCodes(tensor: CodesTensor, values: SparseCodes, gradients?: Float32Array): void {
    const codes = codesOf(this.#open(), tensor);
    checkSparseCodes(tensor, values, gradients);
    const count = values.rowStart[values.rows];
    codes.reserve(count);
    codes.filledRows = values.rows;
    codes.signed = false;
    const { f32, u32 } = this.#engine.memory;
    u32.set(values.rowStart.subarray(0, values.rows + 1), codes.rowStart / 4);
    u32.set(values.concept.subarray(0, count), codes.concept / 4);
    f32.set(values.value.subarray(0, count), codes.value / 4);
    if (gradients) f32.set(gradients.subarray(0, count), codes.gradient / 4);
    else f32.fill(0, codes.gradient / 4, codes.gradient / 4 + count);
  }

  async readGradients(tensor: CodesTensor, rows: number): Promise<Float32Array<ArrayBuffer>> {
    const codes = codesOf(this.#open(), tensor);
    checkFilled(codes.filledRows, rows);
    const { f32, u32 } = this.#engine.memory;
    const count = u32[codes.rowStart / 4 + rows];
    return new Float32Array(f32.subarray(codes.gradient / 4, codes.gradient / 4 + count));
  }

  free(...tensors: readonly (Tensor | CodesTensor)[]): void {
    for (const tensor of tensors) {
      if (tensor instanceof CpuTensor || tensor instanceof CpuCodes) tensor.free();
    }
  }

  async product(operation: Product): Promise<void> {
    checkProduct(operation);
    multiply(this.#open(), operation);
    await this.#pause();
  }

  async columnProduct(operation: Product): Promise<void> {
    checkProduct(operation);
    multiply(this.#open(), operation, true);
    await this.#pause();
  }

  async encode(operation: Encode): Promise<Encoded> {
    checkEncode(operation);
    const result = encode(this.#open(), operation);
    await this.#pause();
    return result;
  }

  async reconstruct(operation: Reconstruct): Promise<Reconstructed> {
    checkReconstruct(operation);
    const codes = codesOf(this.#open(), operation.codes);
    checkFilled(codes.filledRows, operation.rows);
    const result = reconstruct(this.#engine, codes, operation);
    await this.#pause();
    return result;
  }

  async unroll(operation: Unroll): Promise<void> {
    checkUnroll(operation);
    const engine = this.#open();
    const codes = codesOf(engine, operation.codes);
    checkFilled(codes.filledRows, operation.rows);
    checkEntryGradients(operation.entryGradients, this.#entries(codes, operation.rows), operation.dimension);
    unroll(engine, codes, operation);
    await this.#pause();
  }

  async update(operation: Update): Promise<Updated> {
    checkUpdate(operation);
    const engine = this.#open();
    const codes = operation.terms.map((term) => codesOf(engine, term.codes));
    for (const held of codes) checkFilled(held.filledRows, operation.rows);
    operation.terms.forEach(({ entryGradients }, t) => {
      if (!entryGradients) return;
      checkEntryGradients(entryGradients, this.#entries(codes[t], operation.rows), operation.dimension);
    });
    const result = update(engine, codes, operation);
    await this.#pause();
    return result;
  }

  async leastSquares(operation: LeastSquares): Promise<LeastSquared> {
    checkLeastSquares(operation);
    const result = leastSquares(this.#open(), operation);
    await this.#pause();
    return result;
  }

  async rescale(operation: Rescale): Promise<void> {
    checkRescale(operation);
    rescale(this.#open(), operation);
    await this.#pause();
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    this.#engine.kernels.quit();
    await Promise.all(this.#workers.map((worker) => worker.ended()));
  }

  #entries(codes: CpuCodes, rows: number): number {
    return this.#engine.memory.u32[codes.rowStart / 4 + rows];
  }

  #open(): Engine {
    if (this.#closed) throw badUsage("the backend was closed; expected an open one, create another");
    return this.#engine;
  }
}
