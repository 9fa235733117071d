/** The options that choose the engine, and the engine they choose. */
import { Option, type Command } from "commander";
import type { Backend } from "../kernels/backend.ts";
import { badUsage } from "../base/errors.ts";

export interface EngineOptions {
  readonly threads?: number;
  readonly product: "auto" | "wasm" | "blas";
}

export function withEngineOptions(command: Command): Command {
  return command
    .option(
      "--threads <n>",
      "worker threads, at most 256; results do not depend on it (default: all cores, at most 16)",
      wholeNumber("--threads", 1),
    )
    .addOption(
      new Option("--product <which>", "the dense product: the system's BLAS where found, or WebAssembly")
        .choices(["auto", "wasm", "blas"])
        .default("auto"),
    );
}

/** Runs `work` on the chosen engine and closes it afterwards. */
export async function onEngine<T>(
  options: EngineOptions,
  work: (backend: Backend) => Promise<T>,
): Promise<T> {
  const { createCpuBackend } = await import("../platform/node/cpu-backend.ts");
  const backend = await createCpuBackend({
    product: options.product,
    ...(options.threads === undefined ? {} : { threads: options.threads }),
  });
  try {
    return await work(backend);
  } finally {
    await backend.close();
  }
}

/** Reads an option's value as a whole number. */
export function wholeNumber(option: string, least = 0): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (!/^\d+$/.test(text) || value < least) {
      throw badUsage(`${option} is "${text}"; expected a whole number, at least ${least}`);
    }
    if (!Number.isSafeInteger(value)) {
      throw badUsage(`${option} is "${text}"; expected at most ${Number.MAX_SAFE_INTEGER}`);
    }
    return value;
  };
}

export function port(text: string): number {
  const value = Number(text);
  if (!/^\d+$/.test(text) || value > 65535) throw badUsage(`--port is "${text}"; expected 0 to 65535`);
  return value;
}
