/** The files of `onnxruntime-web`, an optional package, that a page needs to run networks on the processor. */
import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { ViaductError } from "../../base/errors.ts";

export interface OnnxWebFiles {
  readonly version: string;
  /** Absolute: the module with all of its JavaScript, and the WebAssembly that it runs. */
  readonly module: string;
  readonly wasm: string;
}

const moduleName = "ort.wasm.bundle.min.mjs";
const wasmName = "ort-wasm-simd-threaded.wasm";
const install = "run: npm install onnxruntime-web";

/** Throws `missing-part` without the package. */
export function onnxWebFiles(): OnnxWebFiles {
  const wasm = resolved(`onnxruntime-web/${wasmName}`);
  const folder = dirname(wasm);
  const module = join(folder, moduleName);
  const { version } = JSON.parse(readFileSync(join(folder, "..", "package.json"), "utf8")) as {
    version: string;
  };
  if (!existsSync(module)) {
    throw new ViaductError(
      "missing-part",
      `onnxruntime-web ${version} has no ${moduleName}; expected 1.20 or newer; ${install}`,
    );
  }
  return { version, module, wasm };
}

function resolved(name: string): string {
  try {
    return createRequire(import.meta.url).resolve(name);
  } catch (cause) {
    throw new ViaductError(
      "missing-part",
      `a page that answers questions needs the package onnxruntime-web, which is not installed, as it is optional; ${install}`,
      { cause },
    );
  }
}
