/** The CPU backend in Node: worker threads, and the system's BLAS where one is found. */
import { availableParallelism } from "node:os";
import { setImmediate } from "node:timers/promises";
import { Worker } from "node:worker_threads";
import { badUsage, ViaductError } from "../../base/errors.ts";
import type { Backend } from "../../kernels/backend.ts";
import { startCpuBackend, type KernelThread } from "../../kernels/cpu/cpu-backend.ts";
import type { KernelThreadStart } from "../../kernels/cpu/kernel-thread.ts";
import { bestVariant, type WasmVariant } from "../../kernels/cpu/wasm-module.ts";
import { findBlas } from "./blas.ts";

/** "auto": BLAS where one is found, else WebAssembly. */
export type ProductChoice = "auto" | "wasm" | "blas";

export const productChoices: readonly ProductChoice[] = ["auto", "wasm", "blas"];

export interface CpuBackendOptions {
  /** Default: the cores there are, at most 16. */
  readonly threads?: number | undefined;
  /** Default "auto". */
  readonly product?: ProductChoice | undefined;
  /** Default: the fastest variant that this runtime accepts. */
  readonly variant?: WasmVariant | undefined;
}

const MOST_THREADS = 256;

export function defaultThreads(): number {
  return Math.min(16, availableParallelism());
}

export async function createCpuBackend(options: CpuBackendOptions = {}): Promise<Backend> {
  const { threads = defaultThreads(), product = "auto", variant } = options;
  if (!Number.isInteger(threads) || threads < 1 || threads > MOST_THREADS) {
    throw badUsage(`threads is ${threads}; expected a whole number from 1 to ${MOST_THREADS}`);
  }
  if (!productChoices.includes(product)) {
    throw badUsage(`product is "${product as string}"; expected one of ${productChoices.join(", ")}`);
  }
  const search = product === "wasm" ? undefined : await findBlas();
  if (product === "blas" && search && search.blas === undefined) {
    throw new ViaductError("missing-part", search.reason);
  }
  const blas = search?.blas;
  return startCpuBackend({
    threads,
    maySleep: true,
    startThread: (start) => startThread(start, blas?.path),
    pause: breather(),
    ...(blas === undefined ? {} : { blas }),
    ...(variant === undefined ? {} : { variant }),
  });
}

/** Milliseconds of computing after which signals and timers get a turn: Ctrl-C has to be heard. */
const BREATH = 50;

function breather(): () => Promise<void> {
  let last = performance.now();
  return async () => {
    if (performance.now() - last < BREATH) return;
    await setImmediate();
    last = performance.now();
  };
}

/** Source runs as .ts in a checkout and as .js once built. */
const workerFile = new URL(
  import.meta.url.endsWith(".ts") ? "./kernel-worker.ts" : "./kernel-worker.js",
  import.meta.url,
);

async function startThread(start: KernelThreadStart, blasPath: string | undefined): Promise<KernelThread> {
  // Options of the process (--input-type, --inspect-brk) are not meant for its threads.
  const worker = new Worker(workerFile, { workerData: { start, blasPath }, execArgv: [] });
  const ended = new Promise<void>((resolve) => worker.once("exit", () => resolve()));
  await new Promise<void>((resolve, reject) => {
    worker.once("message", () => resolve());
    worker.once("error", reject);
    worker.once("exit", (code) =>
      reject(new Error(`a kernel worker ended with ${code} before it was ready`)),
    );
  });
  // A process that has nothing else to do ends, open engine or not.
  worker.unref();
  return {
    ended: () => {
      worker.ref();
      return ended;
    },
  };
}

/** What `viaduct doctor` says about the engine. */
export interface EngineFacts {
  readonly threads: number;
  /** The variant of the WebAssembly kernels this runtime takes. */
  readonly simd: WasmVariant;
  /** The dense product that "auto" picks. */
  readonly product: string;
  readonly blas: { readonly name: string; readonly path: string } | undefined;
  /** How to get the faster product; undefined when it is in use. */
  readonly advice: string | undefined;
}

export async function describeEngine(): Promise<EngineFacts> {
  const search = await findBlas();
  const simd = bestVariant();
  const found = search.blas;
  return {
    threads: defaultThreads(),
    simd,
    product: found?.name ?? `wasm ${simd}`,
    blas: found && { name: found.name, path: found.path },
    advice: found === undefined ? search.reason : undefined,
  };
}
