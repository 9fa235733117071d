/** What a caller says to get an encoder, and what it gets: src/pipeline/encoders/load-encoder.ts makes one of the other. */
import type { Progress } from "../../base/progress.ts";
import type { EncoderDescription } from "../../encoders/description.ts";
import type { Encoder } from "../../encoders/encoder.ts";
import type { EncoderDevice, EncoderDtype, EncoderRecord } from "../../protocol/encoder-record.ts";

export interface EncoderChoice {
  /**
   * A preset's name or alias ("openai/clip-vit-base-patch32", "clip-b32"), "small" (the towers that
   * come with Viaduct), "onnx:<folder>" or a path to a folder with encoder.json, two networks and a
   * tokenizer, or "<preset>:<folder>": networks that were exported by hand, prepared as the preset says.
   */
  readonly spec: string;
  /** Number type of the weights; by default fp32, which is the reference, where there is one. */
  readonly dtype?: EncoderDtype;
  /** Default `auto`: CUDA or DirectML where one works, the processor elsewhere. */
  readonly device?: EncoderDevice | "auto";
  /** Commit, tag or branch of the hub repository; by default the preset's. */
  readonly revision?: string;
  /** Use only files that are on this machine already. */
  readonly offline?: boolean;
  /** Threads of the processor that run a network. */
  readonly threads?: number;
  /** False: rows keep the scale of the towers, whatever the description says. Default true: the description's. */
  readonly normalize?: boolean;
}

export interface EncoderEffects {
  /** Reports `download` in bytes. */
  readonly progress?: Progress;
  /** Aborting throws `cancelled`; what was downloaded is kept and continued next time. */
  readonly signal?: AbortSignal;
  /** HF_HOME, HF_HUB_CACHE, HF_ENDPOINT, HF_TOKEN, HF_HUB_OFFLINE and what they fall back on; by default the process's. */
  readonly environment?: Readonly<Record<string, string | undefined>>;
}

export interface LoadedEncoder {
  readonly encoder: Encoder;
  /** What the towers expect: with it, worker threads prepare pictures without the networks. */
  readonly description: EncoderDescription;
  /** For the manifest of what is made with it. */
  readonly record: EncoderRecord;
}
