/**
 * AIMv2 with a text tower (LiT; arXiv 2411.14402). Nobody publishes its towers as ONNX networks: the
 * preset is for a folder that one exports oneself (docs/encoders/aimv2-export.md has the recipe).
 * Preparation: preprocessor_config.json of the checkpoint, the same as CLIP's; CLIP's tokenizer.
 */
import { clipEndToken, clipMean, clipStd } from "./clip.ts";
import { exportedNetworks, preset, type EncoderPreset } from "./preset.ts";

export const aimv2Presets: readonly EncoderPreset[] = [
  preset("apple/aimv2-large-patch14-224-lit", "aimv2-l14", null, {
    dimension: 768,
    image: {
      network: exportedNetworks("vision"),
      resize: { mode: "shortest-edge", edge: 224 },
      resample: "bicubic",
      width: 224,
      height: 224,
      mean: clipMean,
      std: clipStd,
    },
    text: {
      network: exportedNetworks("text"),
      tokenizerConfig: "tokenizer_config.json",
      contextLength: 77,
      padding: "longest",
      padToken: clipEndToken,
    },
  }),
];
