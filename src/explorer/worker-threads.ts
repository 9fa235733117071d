/** Threads that a worker computes with: one core stays free for the page, and only an isolated page has several. */
export function workerThreads(): number {
  return globalThis.crossOriginIsolated ? Math.max(1, Math.min(4, navigator.hardwareConcurrency - 1)) : 1;
}
