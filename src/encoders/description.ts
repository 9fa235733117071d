/**
 * `encoder.json`: what a pair of ONNX towers expects and gives. The file lies beside the networks and
 * the tokenizer, and the names in it are relative to it. docs/encoders/description.md explains every field.
 */
import { z } from "zod";
import { badInput } from "../base/errors.ts";

export const descriptionSchemaVersion = 1;
export const descriptionKind = "encoder";
export const descriptionFile = "encoder.json";

export const precisions = ["fp32", "fp16", "q8"] as const;
export type Precision = (typeof precisions)[number];

const size = z.int().positive();
const name = z.string().min(1);
const perChannel = z.tuple([z.number(), z.number(), z.number()]);
const divisors = z.tuple([z.number().positive(), z.number().positive(), z.number().positive()]);

/** One file for every precision, or a file for each one that exists. */
const network = z.union([name, z.partialRecord(z.enum(precisions), name)]);

export const resizeRule = z.discriminatedUnion("mode", [
  /** The shorter edge becomes `edge`, the longer one keeps the proportions, rounded down. */
  z.strictObject({ mode: z.literal("shortest-edge"), edge: size }),
  /** Both edges as given; proportions are not kept. */
  z.strictObject({ mode: z.literal("exact"), width: size, height: size }),
]);
export type ResizeRule = z.infer<typeof resizeRule>;

export const imageDescription = z.strictObject({
  network,
  /** Name of the input, float32 of count x 3 x height x width. */
  input: name.default("pixel_values"),
  /** Name of the output: count x d, or count x tokens x d with a pooling. Null: the only one. */
  output: name.nullable().default(null),
  /** How tokens become one row where the network does not do it itself. */
  pooling: z.enum(["none", "first", "mean"]).default("none"),
  /** What is left of a transparent picture: its colours as stored, or laid on white. */
  transparency: z.enum(["drop", "white"]).default("drop"),
  resize: resizeRule,
  resample: z.enum(["bicubic", "bilinear", "lanczos"]),
  /** The network's input: the centre of the resized picture, with zeros around it where it is smaller. */
  width: size,
  height: size,
  /** (value * rescale - mean) / std for 8-bit values, per channel. */
  rescale: z
    .number()
    .positive()
    .default(1 / 255),
  mean: perChannel,
  std: divisors,
});
export type ImageDescription = z.infer<typeof imageDescription>;

export const textDescription = z.strictObject({
  network,
  /** Name of the input with token numbers, texts x tokens. */
  input: name.default("input_ids"),
  /** Name of the input that is 1 at tokens and 0 at padding; fed where the network has such an input. */
  mask: name.default("attention_mask"),
  /** Name of the output: texts x d, or texts x tokens x d with a pooling. Null: the only one. */
  output: name.nullable().default(null),
  /** `end` is the first token that equals `endToken`, `last` the last position whatever is there. */
  pooling: z.enum(["none", "first", "last", "mean", "end"]).default("none"),
  /** A tokenizer.json of Hugging Face, and the tokenizer_config.json beside it where there is one. */
  tokenizer: name.default("tokenizer.json"),
  tokenizerConfig: name.nullable().default(null),
  /**
   * What happens to a text before the tokenizer's own normaliser: lower case, or as SigLIP has it lower
   * case without ASCII punctuation and with single spaces.
   */
  canonicalize: z.enum(["none", "lowercase", "siglip"]).default("none"),
  /** Longer texts are cut to this many tokens; the tokens that the tokenizer puts at the end stay. */
  contextLength: size,
  /** Up to the context length, or to the longest text of a batch. Padding is on the right. */
  padding: z.enum(["max", "longest"]),
  padToken: z.int().nonnegative(),
  /** Needed for the pooling `end`. */
  endToken: z.int().nonnegative().nullable().default(null),
});
export type TextDescription = z.infer<typeof textDescription>;

export const encoderDescription = z.strictObject({
  schemaVersion: z.literal(descriptionSchemaVersion),
  kind: z.literal(descriptionKind),
  /** As embedding sets name it: "openai/clip-vit-base-patch32". */
  model: name,
  /** d, the same for both towers. */
  dimension: size,
  /** `l2`: rows are scaled to unit length, so that their product is the model's cosine. */
  normalization: z.enum(["l2", "none"]).default("l2"),
  image: imageDescription,
  text: textDescription,
});
export type EncoderDescription = z.infer<typeof encoderDescription>;

/** As one writes it: with the defaults left out. */
export type EncoderDescriptionInput = z.input<typeof encoderDescription>;

/** Checks a description; `source` is where it came from, for the message. */
export function parseDescription(value: unknown, source: string): EncoderDescription {
  const parsed = encoderDescription.safeParse(value);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    const at = issue?.path.join(".") ?? "";
    throw badInput(
      `${source} is no encoder description of schema version ${descriptionSchemaVersion}: ${at === "" ? "" : `${at}: `}${issue?.message ?? ""}; see docs/encoders/description.md`,
      parsed.error,
    );
  }
  const { text } = parsed.data;
  if (text.pooling === "end" && text.endToken === null) {
    throw badInput(`${source}: text.pooling is "end" without text.endToken; add the token's number`);
  }
  return parsed.data;
}

/** The file of a tower's network in the precision asked for. */
export function networkFile(
  tower: { readonly network: ImageDescription["network"] },
  precision: Precision,
): string {
  if (typeof tower.network === "string") return tower.network;
  const file = tower.network[precision];
  if (file !== undefined) return file;
  throw badInput(
    `there is no network of precision ${precision}; the description has ${Object.keys(tower.network).join(", ")}`,
  );
}
