/**
 * An encoder ready to run, from its name: finds or fetches its files, chooses what runs it, and says
 * precisely what that was.
 */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { createOnnxEncoder } from "../../encoders/onnx-encoder.ts";
import { createNodeOnnxRuntime } from "../../platform/node/onnx-runtime.ts";
import type { EncoderRecord } from "../../protocol/encoder-record.ts";
import type { EncoderChoice, EncoderEffects, LoadedEncoder } from "./encoder-choice.ts";
import { encoderSource } from "./encoder-source.ts";

/** The package is asked for before files are downloaded, and each network is opened when it first runs. */
export async function loadEncoder(
  choice: EncoderChoice,
  effects: EncoderEffects = {},
): Promise<LoadedEncoder> {
  const { spec, device = "auto", threads } = choice;
  const runtime = await createNodeOnnxRuntime({
    provider: device,
    ...(threads === undefined ? {} : { threads }),
  });
  const source = await encoderSource(choice, effects);
  const { precision, directory } = source;
  const description =
    choice.normalize === false
      ? { ...source.description, normalization: "none" as const }
      : source.description;
  const at = (name: string): string => join(directory, ...name.split("/"));
  const encoder = await createOnnxEncoder({
    description,
    runtime,
    files: {
      network: async (name) => at(name),
      text: (name) => readFile(at(name), "utf8"),
    },
    ...(precision === null ? {} : { precision }),
  });
  const record: EncoderRecord = {
    spec,
    model: description.model,
    ...source.record,
    dtype: precision,
    device: runtime.provider,
    runtime: runtime.description,
    reason: reasonOf(choice, runtime, precision),
    normalization: description.normalization,
    dimension: description.dimension,
    files: [...source.files],
  };
  return { encoder, description, record };
}

function reasonOf(
  { device = "auto", dtype }: EncoderChoice,
  runtime: { readonly provider: string; readonly reason: string },
  precision: string | null,
): string {
  const where = device === "auto" ? runtime.reason : "asked for";
  const numbers =
    precision === null
      ? "in the number type of its files"
      : `in ${precision} (${dtype === undefined ? (precision === "fp32" ? "the reference" : "all there is") : "asked for"})`;
  return `${runtime.provider} (${where}), ${numbers}`;
}
