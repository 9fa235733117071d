/**
 * OpenAI CLIP (arXiv 2103.00020), exported for transformers.js.
 * Preparation: preprocessor_config.json of the checkpoints (CLIPImageProcessor, resample 3 = bicubic).
 * The text tower takes its row at the first end token, so that padding behind it changes nothing.
 */
import { exportedNetworks, preset, type EncoderPreset } from "./preset.ts";

export const clipMean: [number, number, number] = [0.48145466, 0.4578275, 0.40821073];
export const clipStd: [number, number, number] = [0.26862954, 0.26130258, 0.27577711];

/** CLIP's <|endoftext|>, which also pads. */
export const clipEndToken = 49407;

export const clipPresets: readonly EncoderPreset[] = [
  clip("base-patch32", "clip-b32", 512, "d15189d7028b43f1d3e65039190477f6af591c2a"),
  clip("base-patch16", "clip-b16", 512, "342fdf2f67aded64d138ff074745fb4a5d2bba5f"),
  clip("large-patch14", "clip-l14", 768, "c307790166907339eed5a9a53a249af534102536"),
];

function clip(size: string, alias: string, dimension: number, revision: string): EncoderPreset {
  return preset(
    `openai/clip-vit-${size}`,
    alias,
    { repository: `Xenova/clip-vit-${size}`, revision },
    {
      dimension,
      image: {
        network: exportedNetworks("vision"),
        output: "image_embeds",
        resize: { mode: "shortest-edge", edge: 224 },
        resample: "bicubic",
        width: 224,
        height: 224,
        mean: clipMean,
        std: clipStd,
      },
      text: {
        network: exportedNetworks("text"),
        output: "text_embeds",
        tokenizerConfig: "tokenizer_config.json",
        contextLength: 77,
        padding: "longest",
        padToken: clipEndToken,
      },
    },
  );
}
