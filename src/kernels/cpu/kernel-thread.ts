/** What every thread of the engine does: instantiate the kernels on the shared memory and serve. */
import * as at from "./layout.ts";

/**
 * c (m x n) = a (m x k) · b (n x k)ᵀ, or a (k x m)ᵀ · b (k x n) with PRODUCT_BY_COLUMNS in `mode`; with
 * PRODUCT_LOWER_HALF, where a is b and m = n, c right of its diagonal is left to chance. a, b, c are
 * byte addresses, each with the numbers between the starts of its rows.
 */
export type BlasProduct = (
  mode: number,
  m: number,
  n: number,
  k: number,
  a: number,
  lda: number,
  b: number,
  ldb: number,
  c: number,
  ldc: number,
) => void;

export interface Kernels {
  serve(worker: number): void;
  phase(kernel: number, tasks: number, maySleep: number): void;
  quit(): void;
  /** `turns` · 96 operations on registers alone, adding up x·y: what one thread can do at most. */
  multiplyAdds(turns: number, x: number, y: number): number;
  cutBatch(total: number, keys: number): void;
  startRows(most: number): void;
}

/** What a worker thread is started with; `module` and `memory` can be posted to it. */
export interface KernelThreadStart {
  readonly module: WebAssembly.Module;
  readonly memory: WebAssembly.Memory;
  /** From 1; the thread that calls the backend is 0. */
  readonly index: number;
}

export function instantiateKernels(
  module: WebAssembly.Module,
  memory: WebAssembly.Memory,
  blas: BlasProduct | undefined,
): Kernels {
  const product: BlasProduct = (mode, m, n, k, a, lda, b, ldb, c, ldc) => {
    if (!blas) throw new Error("the BLAS product was called on a thread that has none");
    blas(mode, m, n, k, a >>> 0, lda, b >>> 0, ldb, c >>> 0, ldc);
  };
  const instance = new WebAssembly.Instance(module, { env: { memory }, blas: { product } });
  return instance.exports as unknown as Kernels;
}

/** Runs until the engine closes. */
export function serveKernels(start: KernelThreadStart, blas: BlasProduct | undefined): void {
  const kernels = instantiateKernels(start.module, start.memory, blas);
  try {
    kernels.serve(start.index);
  } catch (error) {
    abandonTask(start.memory);
    throw error;
  }
}

/** Marks the engine as failed and counts the lost task, so that nobody waits for it for ever. */
function abandonTask(memory: WebAssembly.Memory): void {
  const words = new Int32Array(memory.buffer, 0, at.HEAP / 4);
  Atomics.store(words, at.FAILED / 4, 1);
  Atomics.add(words, at.DONE / 4, 1);
  Atomics.notify(words, at.DONE / 4);
}
