/** The kernels as a compiled WebAssembly module, in the fastest variant this runtime accepts. */
import { plainSimdModule } from "./simd-plain.generated.ts";
import { relaxedSimdModule } from "./simd-relaxed.generated.ts";

export type WasmVariant = "relaxed-simd" | "simd";

const modules: Record<WasmVariant, string> = { "relaxed-simd": relaxedSimdModule, simd: plainSimdModule };

function bytesOf(variant: WasmVariant): Uint8Array {
  const text = atob(modules[variant]);
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i);
  return bytes;
}

/** Relaxed SIMD has fused multiply-add; runtimes without it get the plain variant. */
export function bestVariant(): WasmVariant {
  return WebAssembly.validate(bytesOf("relaxed-simd")) ? "relaxed-simd" : "simd";
}

export function compileKernels(variant: WasmVariant): WebAssembly.Module {
  return new WebAssembly.Module(bytesOf(variant));
}
