/**
 * ONNX Runtime in a browser: `onnxruntime-web`, whose part is the caller's choice ("onnxruntime-web/wasm"
 * or "onnxruntime-web/webgpu"). Its WebAssembly comes from the address that is handed in, and nothing
 * from anywhere else.
 */
import { badInput, ViaductError } from "../../base/errors.ts";
import type { OnnxRuntime } from "../../encoders/onnx-runtime.ts";
import { wrapSession } from "../../encoders/onnx-session.ts";

export interface WebOnnxOptions {
  /** `() => import("onnxruntime-web/wasm")` */
  readonly load: () => Promise<Ort>;
  /** The part's .wasm file: its address, or its bytes; where the bundler puts it without one. */
  readonly wasm?: string | Uint8Array;
  readonly provider?: "wasm" | "webgpu";
  /** More than one needs a cross-origin isolated page. */
  readonly threads?: number;
}

type Ort = Pick<typeof import("onnxruntime-web"), "InferenceSession" | "Tensor" | "env">;

/** Throws `missing-part` where the page has no WebGPU and it is asked for. */
export async function createWebOnnxRuntime({
  load,
  wasm,
  provider = "wasm",
  threads = globalThis.crossOriginIsolated ? Math.min(4, navigator.hardwareConcurrency) : 1,
}: WebOnnxOptions): Promise<OnnxRuntime> {
  if (provider === "webgpu" && !("gpu" in navigator)) {
    throw new ViaductError("missing-part", "this browser has no WebGPU; take the provider wasm");
  }
  const ort = await load();
  ort.env.wasm.numThreads = threads;
  if (typeof wasm === "string") ort.env.wasm.wasmPaths = { wasm };
  else if (wasm !== undefined) ort.env.wasm.wasmBinary = wasm;
  const version = ort.env.versions.web ?? "of unknown version";
  return {
    description: `onnxruntime-web ${version}, ${provider}, ${threads} ${threads === 1 ? "thread" : "threads"}`,
    async open(model) {
      const options = { executionProviders: [provider], logSeverityLevel: 3 } as const;
      try {
        const session =
          typeof model === "string"
            ? await ort.InferenceSession.create(model, options)
            : await ort.InferenceSession.create(model, options);
        return wrapSession(session, (type, data, dims) => new ort.Tensor(type, data, dims));
      } catch (error) {
        const name = typeof model === "string" ? model : "the network";
        throw badInput(`${name} cannot be opened: ${String(error).replaceAll(/\s+/g, " ").trim()}`, error);
      }
    },
  };
}
