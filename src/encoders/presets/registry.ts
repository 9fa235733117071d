import { aimv2Presets } from "./aimv2.ts";
import { clipPresets } from "./clip.ts";
import type { EncoderPreset } from "./preset.ts";
import { siglipPresets } from "./siglip.ts";
import { siglip2Presets } from "./siglip2.ts";

/** The four families of "Interpreting the linear structure of vision-language model embedding spaces" (arXiv 2504.11695). */
export const encoderPresets: readonly EncoderPreset[] = [
  ...clipPresets,
  ...siglipPresets,
  ...siglip2Presets,
  ...aimv2Presets,
];

/** By its name or alias, whatever the case. */
export function presetNamed(name: string): EncoderPreset | undefined {
  const wanted = name.toLowerCase();
  return encoderPresets.find((preset) => preset.alias === wanted || preset.name.toLowerCase() === wanted);
}
