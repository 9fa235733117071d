/** What one thread can do in WebAssembly: multiply-adds on registers, no memory. */
import { instantiateKernels } from "../src/kernels/cpu/kernel-thread.ts";
import { SharedMemory } from "../src/kernels/cpu/shared-memory.ts";
import { bestVariant, compileKernels } from "../src/kernels/cpu/wasm-module.ts";

export function peakGflops(): number {
  const kernels = instantiateKernels(compileKernels(bestVariant()), new SharedMemory().memory, undefined);
  const turns = 200_000;
  let best = Infinity;
  // Short calls, many of them: the runtime only replaces its first, slow code between calls.
  for (let round = 0; round < 200; round++) {
    const from = performance.now();
    kernels.multiplyAdds(turns, 1e-3, 2e-3);
    best = Math.min(best, performance.now() - from);
  }
  return (turns * 96) / best / 1e6;
}
