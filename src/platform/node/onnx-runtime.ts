/** ONNX Runtime in Node: `onnxruntime-node`, an optional package that is loaded when a network is to run. */
import { existsSync, readdirSync } from "node:fs";
import { createRequire } from "node:module";
import { availableParallelism } from "node:os";
import { dirname, join } from "node:path";
import { badInput, ViaductError } from "../../base/errors.ts";
import type { OnnxRuntime } from "../../encoders/onnx-runtime.ts";
import { wrapSession } from "../../encoders/onnx-session.ts";

export const executionProviders = ["auto", "cpu", "cuda", "dml", "coreml", "webgpu"] as const;
export type ExecutionProvider = (typeof executionProviders)[number];

export interface NodeOnnxOptions {
  /** `auto` without it: a CUDA or DirectML device where there is one, else the CPU. */
  readonly provider?: ExecutionProvider;
  /** Threads of one network on the CPU; all that the machine offers without it. */
  readonly threads?: number;
}

export interface NodeOnnxRuntime extends OnnxRuntime {
  readonly provider: Exclude<ExecutionProvider, "auto">;
  /** Why it was chosen, for people. */
  readonly reason: string;
}

/** Both packages that embedding needs, so that one command adds them. */
const installCommand = "npm install onnxruntime-node sharp";

type Ort = Pick<typeof import("onnxruntime-node"), "InferenceSession" | "Tensor" | "env"> & {
  readonly listSupportedBackends: () => readonly { readonly name: string; readonly bundled: boolean }[];
};

/** Throws `missing-part` without the package, or where the provider asked for does not work here. */
export async function createNodeOnnxRuntime({
  provider = "auto",
  threads = availableParallelism(),
}: NodeOnnxOptions = {}): Promise<NodeOnnxRuntime> {
  const ort = await loadOrt();
  const choice = provider === "auto" ? await chooseProvider(ort) : await requireProvider(ort, provider);
  const count = `${threads} ${threads === 1 ? "thread" : "threads"}`;
  return {
    ...choice,
    description: `onnxruntime-node ${ort.env.versions.node ?? "of unknown version"}, ${choice.provider}${choice.provider === "cpu" ? `, ${count}` : ""}`,
    async open(model) {
      try {
        return await openSession(ort, model, choice.provider, threads);
      } catch (error) {
        const name = typeof model === "string" ? model : "the network";
        throw badInput(`${name} cannot be opened: ${oneLine(error)}`, error);
      }
    },
  };
}

async function openSession(
  ort: Ort,
  model: Uint8Array | string,
  provider: string,
  threads: number,
): Promise<ReturnType<typeof wrapSession>> {
  const options = {
    executionProviders: provider === "cpu" ? ["cpu"] : [provider, "cpu"],
    intraOpNumThreads: threads,
    // Warnings go to standard error natively and concern the optimiser only.
    logSeverityLevel: 3,
  } as const;
  const session =
    typeof model === "string"
      ? await ort.InferenceSession.create(model, options)
      : await ort.InferenceSession.create(model, options);
  return wrapSession(session, (type, data, dims) => {
    if (type !== "float16") return new ort.Tensor(type, data, dims);
    // From Node 23 on the library makes this a Float16Array, whose bytes its binding counts as none
    // (onnxruntime pull request 32323): the bits go in under another name.
    return Object.assign(new ort.Tensor("uint16", data, dims), { type: "float16" as const });
  });
}

async function loadOrt(): Promise<Ort> {
  try {
    const module = (await import("onnxruntime-node")) as unknown as { default: Ort };
    return module.default;
  } catch (error) {
    throw new ViaductError(
      "missing-part",
      `embedding needs onnxruntime-node, which cannot be loaded (${oneLine(error)}); run: ${installCommand}`,
      { cause: error },
    );
  }
}

interface Choice {
  readonly provider: Exclude<ExecutionProvider, "auto">;
  readonly reason: string;
}

/**
 * CoreML and WebGPU are only taken when they are asked for: CoreML may compute in float16, and a WebGPU
 * adapter may be a software one.
 */
async function chooseProvider(ort: Ort): Promise<Choice> {
  const offered = ort.listSupportedBackends().map(({ name }) => name);
  const refused: string[] = [];
  for (const provider of ["cuda", "dml"] as const) {
    if (!offered.includes(provider)) continue;
    if (provider === "cuda" && !cudaIsInstalled()) {
      refused.push("cuda: its libraries are not installed");
      continue;
    }
    try {
      await probe(ort, provider);
      return { provider, reason: `${provider} works on this machine` };
    } catch (error) {
      refused.push(`${provider}: ${oneLine(error)}`);
    }
  }
  const others = offered.filter((name) => name === "webgpu" || name === "coreml");
  const asked = others.length > 0 ? `; ${others.join(" and ")} only when asked for` : "";
  return {
    provider: "cpu",
    reason: `${refused.length > 0 ? refused.join("; ") : "no other device is offered"}${asked}`,
  };
}

async function requireProvider(ort: Ort, provider: Exclude<ExecutionProvider, "auto">): Promise<Choice> {
  const offered = ort.listSupportedBackends().map(({ name }) => name);
  if (!offered.includes(provider)) {
    throw new ViaductError(
      "missing-part",
      `onnxruntime-node offers no ${provider} on this system; it offers ${offered.join(", ")}`,
    );
  }
  // ONNX Runtime would print an error of its own.
  if (provider === "cuda" && !cudaIsInstalled()) {
    throw new ViaductError(
      "missing-part",
      "cuda needs libraries that onnxruntime-node fetches when it is installed, and they are not there; run: npm rebuild onnxruntime-node (without onnxruntime-node-install=skip), or take --device cpu",
    );
  }
  try {
    await probe(ort, provider);
  } catch (error) {
    throw new ViaductError(
      "missing-part",
      `${provider} does not work on this machine: ${oneLine(error)}; take another provider, or cpu`,
      { cause: error },
    );
  }
  return { provider, reason: "asked for" };
}

/** A network that adds its one number to itself. */
const probeNetwork = "CAg6NQoOCgF4CgF4EgF5IgNBZGQSAXBaDwoBeBIKCggIARIECgIIAWIPCgF5EgoKCAgBEgQKAggBQgQKABAN";

async function probe(ort: Ort, provider: string): Promise<void> {
  const session = await openSession(ort, Buffer.from(probeNetwork, "base64"), provider, 1);
  try {
    const x = { type: "float32", dims: [1], data: Float32Array.of(2) } as const;
    const { data } = await session.run({ x }, "y");
    if (data[0] !== 4) throw new Error(`it computed 2 + 2 = ${data[0]}`);
  } finally {
    await session.close();
  }
}

/** Asking ONNX Runtime itself would print an error where they are not. */
export function cudaIsInstalled(): boolean {
  const folder = join(dirname(createRequire(import.meta.url).resolve("onnxruntime-node")), "..", "bin");
  if (!existsSync(folder)) return false;
  return readdirSync(folder, { recursive: true, encoding: "utf8" }).some((path) =>
    path.includes("onnxruntime_providers_cuda"),
  );
}

function oneLine(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return (
    message
      .replaceAll(/\s+/g, " ")
      // Source file, function and condition of a failed check.
      .replace(/^\S*onnxruntime\S*:\d+ .* was false\. /, "")
      .trim()
  );
}
