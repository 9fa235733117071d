/**
 * A published checkpoint: how its pictures and texts are prepared, and which files of which hub
 * repository hold its towers as ONNX networks. Where they are fetched is the platform's business.
 */
import {
  descriptionKind,
  descriptionSchemaVersion,
  networkFile,
  parseDescription,
  type EncoderDescription,
  type EncoderDescriptionInput,
  type Precision,
} from "../description.ts";

export interface EncoderPreset {
  /** The checkpoint as its authors publish it: "openai/clip-vit-base-patch32". */
  readonly name: string;
  /** What one types: "clip-b32". */
  readonly alias: string;
  readonly description: EncoderDescription;
  /** Where its ONNX networks are; null where nobody publishes them, so that one exports them oneself. */
  readonly hub: HubSource | null;
}

export interface HubSource {
  readonly repository: string;
  /** The commit that is used; "main" where none is known to be good. */
  readonly revision: string;
  /** Networks whose weights lie in a file of their own beside them: ONNX files end at 2 GB. */
  readonly externalWeights?: Readonly<Record<string, string>>;
}

/** What presets leave out of a description, since it is the same in all of them. */
type Described = Omit<EncoderDescriptionInput, "schemaVersion" | "kind" | "model">;

export function preset(
  name: string,
  alias: string,
  hub: HubSource | null,
  described: Described,
): EncoderPreset {
  const description = parseDescription(
    { schemaVersion: descriptionSchemaVersion, kind: descriptionKind, model: name, ...described },
    `the preset ${alias}`,
  );
  return { name, alias, hub, description };
}

/** Files of a description in one precision: networks, tokenizer, and weights beside the networks. */
export function encoderFiles(
  { image, text }: EncoderDescription,
  precision: Precision,
  externalWeights: Readonly<Record<string, string>> = {},
): string[] {
  const networks = [networkFile(image, precision), networkFile(text, precision)];
  return [
    ...networks.flatMap((network) => {
      const weights = externalWeights[network];
      return weights === undefined ? [network] : [network, weights];
    }),
    text.tokenizer,
    ...(text.tokenizerConfig === null ? [] : [text.tokenizerConfig]),
  ];
}

/** Names of networks as transformers.js's exports have them. */
export function exportedNetworks(tower: "vision" | "text"): Record<Precision, string> {
  return {
    fp32: `onnx/${tower}_model.onnx`,
    fp16: `onnx/${tower}_model_fp16.onnx`,
    q8: `onnx/${tower}_model_quantized.onnx`,
  };
}
