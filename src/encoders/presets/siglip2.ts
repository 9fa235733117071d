/**
 * SigLIP 2 at fixed resolutions (arXiv 2502.14786). As SigLIP, but pictures are resized bilinearly
 * (resample 2 in the checkpoints' preprocessor_config.json), texts are lower-cased only, and the
 * tokenizer is Gemma's, whose padding is token 0.
 */
import { exportedNetworks, preset, type EncoderPreset } from "./preset.ts";

export const siglip2Presets: readonly EncoderPreset[] = [
  siglip2("base-patch16-224", "siglip2-b16", 224, 768, "ba1f3b0843f24bc5417d38e19c37b287d719b2f4"),
  siglip2("so400m-patch14-384", "siglip2-so400m", 384, 1152, "main"),
  siglip2("so400m-patch16-256", "siglip2-so400m-256", 256, 1152, "7881d8f282cbd7cdeac1aca6bed493a36d58e713"),
];

function siglip2(
  size: string,
  alias: string,
  edge: number,
  dimension: number,
  revision: string,
): EncoderPreset {
  const text = exportedNetworks("text");
  return preset(
    `google/siglip2-${size}`,
    alias,
    {
      repository: `onnx-community/siglip2-${size}-ONNX`,
      revision,
      // The text tower of the larger size passes 2 GB in float32: Gemma's vocabulary has 256,000 tokens.
      ...(dimension === 1152 ? { externalWeights: { [text.fp32]: `${text.fp32}_data` } } : {}),
    },
    {
      dimension,
      image: {
        network: exportedNetworks("vision"),
        output: "pooler_output",
        resize: { mode: "exact", width: edge, height: edge },
        resample: "bilinear",
        width: edge,
        height: edge,
        mean: [0.5, 0.5, 0.5],
        std: [0.5, 0.5, 0.5],
      },
      text: {
        network: text,
        output: "pooler_output",
        tokenizerConfig: "tokenizer_config.json",
        canonicalize: "lowercase",
        contextLength: 64,
        padding: "max",
        padToken: 0,
      },
    },
  );
}
