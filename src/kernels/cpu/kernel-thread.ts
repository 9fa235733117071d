/** What every thread of the engine does: instantiate the kernels on the shared memory and serve. */
import * as at from "./layout.ts";

/** c (m x n, `leading` floats between rows) = a (m x k) · b (n x k)ᵀ; a, b, c are byte addresses. */
export type BlasProduct = (
  m: number,
  n: number,
  k: number,
  a: number,
  b: number,
  c: number,
  leading: number,
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
  const product: BlasProduct = (m, n, k, a, b, c, leading) => {
    if (!blas) throw new Error("the BLAS product was called on a thread that has none");
    blas(m, n, k, a >>> 0, b >>> 0, c >>> 0, leading);
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
