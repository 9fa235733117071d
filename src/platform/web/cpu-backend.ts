/**
 * The CPU backend in a browser: SIMD WebAssembly over worker threads. For more than one the page has
 * to be cross-origin isolated, because threads share memory. Called from a page's own thread it spins
 * while others finish; called from a worker it sleeps, and the page stays responsive.
 */
import { badUsage, ViaductError } from "../../base/errors.ts";
import type { Backend } from "../../kernels/backend.ts";
import { startCpuBackend, type KernelThread } from "../../kernels/cpu/cpu-backend.ts";
import type { KernelThreadStart } from "../../kernels/cpu/kernel-thread.ts";

export interface CpuBackendOptions {
  /** Default: the cores there are, at most 16. */
  readonly threads?: number;
}

const MOST_THREADS = 256;

export async function createCpuBackend(options: CpuBackendOptions = {}): Promise<Backend> {
  const { threads = Math.min(16, navigator.hardwareConcurrency) } = options;
  if (!Number.isInteger(threads) || threads < 1 || threads > MOST_THREADS) {
    throw badUsage(`threads is ${threads}; expected a whole number from 1 to ${MOST_THREADS}`);
  }
  if (threads > 1 && !globalThis.crossOriginIsolated) {
    throw new ViaductError(
      "missing-part",
      "this page is not cross-origin isolated, so threads cannot share memory; serve it with Cross-Origin-Opener-Policy: same-origin and Cross-Origin-Embedder-Policy: require-corp",
    );
  }
  return startCpuBackend({ threads, maySleep: !("document" in globalThis), startThread });
}

async function startThread(start: KernelThreadStart): Promise<KernelThread> {
  const worker = new Worker(new URL("./kernel-worker.ts", import.meta.url), { type: "module" });
  await new Promise<void>((resolve, reject) => {
    worker.addEventListener("message", () => resolve(), { once: true });
    worker.addEventListener(
      "error",
      (event) => reject(new Error(`a kernel worker did not start: ${event.message}`)),
      { once: true },
    );
    worker.postMessage(start, { transfer: [] });
  });
  return {
    ended: async () => {
      worker.terminate();
    },
  };
}
