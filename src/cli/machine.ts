/** What `doctor` finds out about the machine. */
import { availableParallelism, cpus, totalmem } from "node:os";
import { describeEngine, type EngineFacts } from "../platform/node/cpu-backend.ts";
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
  };
}

export function renderMachine(machine: Machine): string {
  const { engine } = machine;
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
      ],
    ),
  ];
  if (engine.advice !== undefined)
    lines.push("", `A BLAS library would make the dense product about twice as fast: ${engine.advice}`);
  return lines.join("\n");
}
