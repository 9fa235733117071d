/** What `doctor` finds out about the machine. */
import { availableParallelism, cpus, totalmem } from "node:os";
import { describeEngine, type EngineFacts } from "../platform/node/cpu-backend.ts";
import { embeddingParts, type EmbeddingParts } from "../platform/node/embedding-parts.ts";
import { cachedEncoders, type CachedEncoders } from "../pipeline/encoders/cached-encoders.ts";
import { packageVersion } from "../platform/node/files/package-version.ts";
import { table } from "./output.ts";

export interface Machine {
  readonly viaduct: string;
  readonly node: string;
  readonly nodeSupported: boolean;
  readonly platform: string;
  readonly processor: string;
  readonly cores: number;
  readonly memoryGiB: number;
  readonly engine: EngineFacts;
  readonly embedding: EmbeddingParts & CachedEncoders;
}

/** Releases that the package is tested on; newer ones should work. */
const oldestNode = [22, 18] as const;

export async function examineMachine(): Promise<Machine> {
  const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
  return {
    viaduct: packageVersion(),
    node: process.versions.node,
    nodeSupported: major > oldestNode[0] || (major === oldestNode[0] && minor >= oldestNode[1]),
    platform: `${process.platform} ${process.arch}`,
    processor: cpus()[0]?.model.trim() ?? "unknown",
    cores: availableParallelism(),
    memoryGiB: Math.round((totalmem() / 2 ** 30) * 10) / 10,
    engine: await describeEngine(),
    embedding: { ...(await embeddingParts()), ...cachedEncoders() },
  };
}

export function renderMachine(machine: Machine): string {
  const { engine, embedding } = machine;
  const lines = [
    table(
      ["what", "found"],
      [
        ["viaduct", machine.viaduct],
        [
          "Node",
          `${machine.node}${machine.nodeSupported ? "" : ` – too old; ${oldestNode.join(".")} or newer is needed`}`,
        ],
        ["platform", machine.platform],
        ["processor", machine.processor],
        ["cores", `${machine.cores}, ${machine.cores === engine.threads ? "all" : engine.threads} used`],
        ["memory", `${machine.memoryGiB} GiB`],
        ["WebAssembly kernels", engine.simd],
        [
          "dense product",
          engine.blas === undefined
            ? "WebAssembly"
            : `${engine.blas.name} (${engine.blas.path}), the fastest kind`,
        ],
        ["onnxruntime-node", onnxruntimeLine(embedding)],
        ["sharp", embedding.sharp ?? "not installed"],
        [
          "onnxruntime-web",
          embedding.onnxruntimeWeb ?? "not installed; sites that answer questions take it along",
        ],
        ["models", modelsLine(embedding)],
      ],
    ),
  ];
  if (engine.advice !== undefined)
    lines.push("", `A BLAS library would make the dense product about twice as fast: ${engine.advice}`);
  if (embedding.onnxruntime === null || embedding.sharp === null) {
    lines.push("", "Embedding pictures and captions needs both packages: npm install onnxruntime-node sharp");
  }
  return lines.join("\n");
}

function onnxruntimeLine({ onnxruntime }: EmbeddingParts): string {
  if (onnxruntime === null) return "not installed";
  const { version, devices, withoutLibraries } = onnxruntime;
  const more = withoutLibraries.length > 0 ? `; ${withoutLibraries.join(", ")} libraries missing` : "";
  return `${version}: ${devices.join(", ")}${more}`;
}

function modelsLine({ cache, encoders }: CachedEncoders): string {
  const names = encoders.map(({ alias, dtype }) => `${alias} (${dtype})`);
  return `${names.length === 0 ? "none" : names.join(", ")} in ${cache}`;
}
