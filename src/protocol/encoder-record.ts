/**
 * Which encoder made an embedding set, precisely enough to make it again: the towers' files with
 * their hashes, the number type, and what ran them. Kept in the set's manifest.
 */
import { z } from "zod";
import { fileRecord } from "./study.ts";

/** Number types that weights are published in; `q8` are 8-bit integers. */
export const encoderDtypes = ["fp32", "fp16", "q8"] as const;
export type EncoderDtype = (typeof encoderDtypes)[number];

/** What runs the networks; `auto` in options becomes one of the others. */
export const encoderDevices = ["cpu", "cuda", "webgpu", "coreml", "dml"] as const;
export type EncoderDevice = (typeof encoderDevices)[number];

export const encoderRecord = z.object({
  /** As the user named it: "clip-b32", "onnx:towers". */
  spec: z.string(),
  /** The checkpoint: "openai/clip-vit-base-patch32". */
  model: z.string(),
  /** Where its files came from: a hub repository, a folder of the user, or the package itself. */
  source: z.enum(["hub", "folder", "package"]),
  /** Hub repository; null otherwise. */
  repository: z.string().nullable(),
  /** The user's folder, absolute; null otherwise. */
  folder: z.string().nullable(),
  /** The commit that the files are of; null without a repository. */
  revision: z.string().nullable(),
  /** Null where the towers come in one number type, whichever it is. */
  dtype: z.enum(encoderDtypes).nullable(),
  device: z.enum(encoderDevices),
  /** What ran it, for people: "onnxruntime-node 1.30.0, cpu, 2 threads". */
  runtime: z.string(),
  /** Why this device and number type, one sentence. */
  reason: z.string(),
  /** `l2`: rows have unit length; `none`: the scale that the towers give. */
  normalization: z.enum(["l2", "none"]),
  /** Values in one embedding. */
  dimension: z.int(),
  /** Files of the towers and the tokenizer, relative to the repository or folder. */
  files: z.array(fileRecord),
});
export type EncoderRecord = z.infer<typeof encoderRecord>;
