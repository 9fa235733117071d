/** The options that say which encoder embeds what a set does not hold, and how it runs. */
import { Option, type Command } from "commander";
import type { StudyEncoderChoice } from "../pipeline/query/study-encoder.ts";
import {
  encoderDevices,
  encoderDtypes,
  type EncoderDevice,
  type EncoderDtype,
} from "../protocol/encoder-record.ts";

export interface EncoderOptions {
  readonly model?: string;
  readonly dtype?: EncoderDtype;
  readonly device: EncoderDevice | "auto";
  readonly revision?: string;
  readonly offline?: boolean;
  readonly threads?: number;
}

export function withEncoderOptions(command: Command): Command {
  return command
    .option("--model <name>", "what embeds new texts and pictures (default: the model that made the set)")
    .addOption(
      new Option(
        "--dtype <type>",
        "number type of its weights (default: that of the set, else fp32)",
      ).choices([...encoderDtypes]),
    )
    .addOption(
      new Option(
        "--device <device>",
        "what runs it; auto: CUDA or DirectML where one works, else the processor",
      )
        .choices(["auto", ...encoderDevices])
        .default("auto"),
    )
    .option("--revision <commit>", "commit, tag or branch of its hub repository (default: that of the set)")
    .option("--offline", "use only files of the model that are on this machine");
}

export function encoderChoice({
  model,
  dtype,
  device,
  revision,
  offline,
  threads,
}: EncoderOptions): StudyEncoderChoice {
  return {
    device,
    ...(model === undefined ? {} : { spec: model }),
    ...(dtype === undefined ? {} : { dtype }),
    ...(revision === undefined ? {} : { revision }),
    ...(offline === undefined ? {} : { offline }),
    ...(threads === undefined ? {} : { threads }),
  };
}
