/** What a user means by the name of an encoder. */
import { statSync } from "node:fs";
import { badUsage } from "../../base/errors.ts";
import type { EncoderPreset } from "../../encoders/presets/preset.ts";
import { encoderPresets, presetNamed } from "../../encoders/presets/registry.ts";

/** The towers that come with Viaduct. */
export const smallTowers = "small";

export type EncoderSpec =
  | { readonly kind: "hub"; readonly preset: EncoderPreset }
  | { readonly kind: "small" }
  /** With a preset the folder needs no encoder.json. */
  | { readonly kind: "folder"; readonly folder: string; readonly preset: EncoderPreset | null };

export function parseEncoderSpec(spec: string): EncoderSpec {
  if (spec === smallTowers) return { kind: "small" };
  const preset = presetNamed(spec);
  if (preset !== undefined) {
    if (preset.hub !== null) return { kind: "hub", preset };
    throw badUsage(
      `${preset.name} is published without ONNX networks; export them as docs/encoders/aimv2-export.md says and name their folder: ${preset.alias}:<folder>`,
    );
  }
  const colon = spec.indexOf(":");
  const before = spec.slice(0, Math.max(0, colon));
  const folder = spec.slice(colon + 1);
  const of = presetNamed(before) ?? null;
  if (before === "onnx" || of !== null) {
    if (folder === "") throw badUsage(`"${spec}" names no folder; expected ${before}:<folder>`);
    return { kind: "folder", folder, preset: of };
  }
  if (/^[.~]?[/\\]|^[A-Za-z]:[/\\]/.test(spec) || isFolder(spec))
    return { kind: "folder", folder: spec, preset: null };
  throw badUsage(
    `there is no encoder "${spec}"; expected ${encoderNames().join(", ")}, or onnx:<folder> for towers of your own`,
  );
}

/** Names that one can type, the shortest of each. */
export function encoderNames(): string[] {
  return [
    smallTowers,
    ...encoderPresets.map(({ alias, hub }) => (hub === null ? `${alias}:<folder>` : alias)),
  ];
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}
