import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { parseDescription } from "../description.ts";
import { encoderFiles } from "./preset.ts";
import { encoderPresets, presetNamed } from "./registry.ts";

const root = new URL("../../../", import.meta.url);
const read = (path: string): string => readFileSync(new URL(path, root), "utf8");

describe.each(encoderPresets.map((preset) => ({ ...preset })))("the preset $alias", (preset) => {
  const { alias, name, hub, description } = preset;

  it("is found by its name and its alias, whatever the case", () => {
    for (const spelled of [alias, name, alias.toUpperCase(), name.toUpperCase()]) {
      expect(presetNamed(spelled)?.name).toBe(name);
    }
    expect(description.model).toBe(name);
  });

  /** The tiny towers of each family were described from transformers' own processors. */
  it("prepares pictures and texts as transformers does for its family", () => {
    const family = /clip|siglip2|siglip|aimv2/.exec(alias)![0];
    const path = `test/fixtures/encoders/${family}/encoder.json`;
    const { image, text } = parseDescription(JSON.parse(read(path)), path);
    const { mean, std, rescale, resample, transparency } = description.image;
    expect({ mean, std, rescale, resample, transparency }).toEqual({
      mean: image.mean,
      std: image.std,
      rescale: image.rescale,
      resample: image.resample,
      transparency: image.transparency,
    });
    expect(description.image.resize.mode).toBe(image.resize.mode);
    const { canonicalize, contextLength, padding } = description.text;
    expect({ canonicalize, contextLength, padding }).toEqual({
      canonicalize: text.canonicalize,
      contextLength: text.contextLength,
      padding: text.padding,
    });
    if (text.padding === "max") expect(description.text.padToken).toBe(text.padToken);
    const edge = Number(/-(\d{3})(?:-lit)?$/.exec(name)?.[1] ?? 224);
    expect([description.image.width, description.image.height]).toEqual([edge, edge]);
  });

  it("stands in the documents with its repository and commit", () => {
    const row = read("docs/encoders/README.md")
      .split("\n")
      .find((line) => line.startsWith(`| \`${alias}\` `));
    const cells = row?.split("|").map((cell) => cell.trim());
    expect(cells?.slice(2, 7)).toEqual([
      `\`${name}\``,
      String(description.dimension),
      String(description.image.width),
      hub === null ? "your own export" : `\`${hub.repository}\``,
      hub === null ? "" : `\`${hub.revision}\``,
    ]);
  });

  it("names its files once, and weights beside a network that it has", () => {
    const files = encoderFiles(description, "fp32", hub?.externalWeights);
    expect(new Set(files).size).toBe(files.length);
    for (const [network, weights] of Object.entries(hub?.externalWeights ?? {})) {
      expect(files[files.indexOf(network) + 1]).toBe(weights);
    }
  });
});

it("no two presets share a name, and commits are whole", () => {
  const names = encoderPresets.flatMap(({ alias, name }) => [alias, name]);
  expect(new Set(names).size).toBe(names.length);
  for (const { hub } of encoderPresets) {
    if (hub !== null) expect(hub.revision).toMatch(/^(?:[0-9a-f]{40}|main)$/);
  }
});
