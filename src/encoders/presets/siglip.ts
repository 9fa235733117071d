/**
 * SigLIP (arXiv 2303.15343). Pictures are squeezed to a square (SiglipImageProcessor, resample 3 =
 * bicubic); texts lose their punctuation and are always padded to 64 tokens, as in training.
 */
import { exportedNetworks, preset, type EncoderPreset } from "./preset.ts";

/** SigLIP pads with its end token, number 1. */
const caption = { canonicalize: "siglip", contextLength: 64, padding: "max", padToken: 1 } as const;

export const siglipPresets: readonly EncoderPreset[] = [
  preset(
    "google/siglip-base-patch16-224",
    "siglip-b16",
    {
      repository: "Xenova/siglip-base-patch16-224",
      revision: "4649052661e53c7000355844105f8a1792088239",
    },
    {
      dimension: 768,
      image: { network: exportedNetworks("vision"), output: "pooler_output", ...picture(224) },
      text: {
        network: exportedNetworks("text"),
        output: "pooler_output",
        tokenizerConfig: "tokenizer_config.json",
        ...caption,
      },
    },
  ),
  // No export for transformers.js has this checkpoint's towers apart; Immich's, made with OpenCLIP from
  // the same weights, has. Its networks have one output each, scaled to unit length, and exist in fp32 only.
  preset(
    "google/siglip-so400m-patch14-384",
    "siglip-so400m",
    { repository: "immich-app/ViT-SO400M-14-SigLIP-384__webli", revision: "main" },
    {
      dimension: 1152,
      image: { network: { fp32: "visual/model.onnx" }, input: "image", ...picture(384) },
      text: {
        network: { fp32: "textual/model.onnx" },
        input: "text",
        tokenizer: "textual/tokenizer.json",
        tokenizerConfig: "textual/tokenizer_config.json",
        ...caption,
      },
    },
  ),
];

function picture(edge: number) {
  return {
    resize: { mode: "exact", width: edge, height: edge },
    resample: "bicubic",
    width: edge,
    height: edge,
    mean: [0.5, 0.5, 0.5] as [number, number, number],
    std: [0.5, 0.5, 0.5] as [number, number, number],
  } as const;
}
