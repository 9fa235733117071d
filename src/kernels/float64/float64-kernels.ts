/**
 * The float64 kernels of the symmetric eigenproblem (assembly/float64), in a WebAssembly memory of
 * their own on the calling thread.
 */
import type { WasmVariant } from "../cpu/wasm-module.ts";
import { plainFloat64Module } from "./float64-plain.generated.ts";
import { relaxedFloat64Module } from "./float64-relaxed.generated.ts";

/** Arguments are byte addresses in the module's memory; assembly/float64 says what they do. */
export interface Float64Kernels {
  tridiagonalise(a: number, n: number, d: number, e: number, h: number, p: number, q: number): void;
  reflectRows(v: number, count: number, a: number, n: number, h: number): void;
  takeOut(y: number, rows: number, count: number, n: number): void;
}

export interface Float64Instance {
  readonly memory: WebAssembly.Memory;
  readonly kernels: Float64Kernels;
}

const page = 65536;
/** A larger memory is not kept for the next caller. */
const mostKept = 64 * 1024 * 1024;

const texts: Record<WasmVariant, string> = { "relaxed-simd": relaxedFloat64Module, simd: plainFloat64Module };

const bytesOf = (variant: WasmVariant): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(atob(texts[variant]), (text) => text.charCodeAt(0));

/** Default: the fastest variant that the runtime accepts. */
export function instantiateFloat64(variant?: WasmVariant): Float64Instance {
  let bytes = bytesOf(variant ?? "relaxed-simd");
  if (variant === undefined && !WebAssembly.validate(bytes)) bytes = bytesOf("simd");
  const memory = new WebAssembly.Memory({ initial: 1 });
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(bytes), { env: { memory } });
  return { memory, kernels: exports as unknown as Float64Kernels };
}

let kept: Float64Instance | undefined;

/**
 * Gives `work` the kernels and `numbers` numbers of their memory, number i at address 8·i, with what
 * earlier callers left in them.
 */
export function withFloat64Kernels<T>(
  numbers: number,
  work: (kernels: Float64Kernels, memory: Float64Array) => T,
): T {
  const instance = kept ?? instantiateFloat64();
  kept = undefined;
  const { memory, kernels } = instance;
  const missing = Math.ceil((numbers * 8) / page) - memory.buffer.byteLength / page;
  if (missing > 0) memory.grow(missing);
  try {
    return work(kernels, new Float64Array(memory.buffer, 0, numbers));
  } finally {
    if (memory.buffer.byteLength <= mostKept) kept = instance;
  }
}
