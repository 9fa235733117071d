/** Which of the optional packages for embedding are installed, and what they offer. */
import { cudaIsInstalled } from "./onnx-runtime.ts";
import { onnxWebFiles } from "./onnx-web-files.ts";
import { encoderDevices, type EncoderDevice } from "../../protocol/encoder-record.ts";

export interface EmbeddingParts {
  /** Runs the networks; null where it is not installed or cannot be loaded. */
  readonly onnxruntime: {
    readonly version: string;
    /** Devices whose libraries are installed; whether the machine has such a device shows when it is used. */
    readonly devices: readonly EncoderDevice[];
    /** Devices that it could use once libraries are added. */
    readonly withoutLibraries: readonly EncoderDevice[];
  } | null;
  /** Version of sharp, which decodes pictures; null likewise. */
  readonly sharp: string | null;
  /** Version of onnxruntime-web, which sites take along that answer questions; null likewise. */
  readonly onnxruntimeWeb: string | null;
}

export async function embeddingParts(): Promise<EmbeddingParts> {
  const [onnxruntime, sharp] = await Promise.all([offered(), sharpVersion()]);
  return { onnxruntime, sharp, onnxruntimeWeb: webVersion() };
}

async function offered(): Promise<EmbeddingParts["onnxruntime"]> {
  try {
    const { default: ort } = (await import("onnxruntime-node")) as unknown as { default: Ort };
    const backends = ort.listSupportedBackends();
    const known = encoderDevices.flatMap((device) => backends.filter(({ name }) => name === device));
    const installed = known.filter(({ name, bundled }) => bundled || (name === "cuda" && cudaIsInstalled()));
    const named = (list: readonly Backend[]): EncoderDevice[] =>
      encoderDevices.filter((device) => list.some(({ name }) => name === device));
    return {
      version: ort.env.versions.node ?? "of unknown version",
      devices: named(installed),
      withoutLibraries: named(known.filter((backend) => !installed.includes(backend))),
    };
  } catch {
    return null;
  }
}

interface Ort {
  readonly env: { readonly versions: { readonly node?: string } };
  listSupportedBackends(): readonly Backend[];
}

interface Backend {
  readonly name: string;
  readonly bundled: boolean;
}

function webVersion(): string | null {
  try {
    return onnxWebFiles().version;
  } catch {
    return null;
  }
}

async function sharpVersion(): Promise<string | null> {
  try {
    const { default: sharp } = await import("sharp");
    return sharp.versions.sharp ?? "of unknown version";
  } catch {
    return null;
  }
}
