import { createHash } from "node:crypto";
import { describe, expect, test } from "vitest";
import { createImagePreparation } from "../../src/encoders/image-preparation.ts";
import { createOnnxEncoder } from "../../src/encoders/onnx-encoder.ts";
import { decodePicture } from "../../src/platform/node/decode-picture.ts";
import { createNodeOnnxRuntime } from "../../src/platform/node/onnx-runtime.ts";
import {
  cosine,
  expected,
  familyNames,
  picturePath,
  tinyDescription,
  tinyFiles,
  type FamilyName,
} from "./tiny-towers.ts";

const runtime = await createNodeOnnxRuntime({ provider: "cpu", threads: 1 });

async function openTiny(name: FamilyName) {
  return createOnnxEncoder({
    description: await tinyDescription(name),
    files: tinyFiles(name),
    runtime,
  });
}

/** Smallest cosine with the name of its input. */
function worst(cosines: readonly (readonly [name: string, value: number])[]): string | null {
  const below = cosines.filter(([, value]) => !(value >= 0.9999));
  return below.length === 0 ? null : below.map(([name, value]) => `${name} ${value}`).join(", ");
}

describe.each(familyNames)("%s", (name) => {
  const reference = expected.families[name];

  test("gives every difficult picture the embedding that transformers gives it", async () => {
    const encoder = await openTiny(name);
    const names = Object.keys(reference.images);
    const inputs = new Float32Array(names.length * encoder.image.inputLength);
    for (const [i, file] of names.entries()) {
      inputs.set(
        encoder.image.prepare(await decodePicture(picturePath(file))),
        i * encoder.image.inputLength,
      );
    }
    const rows = await encoder.image.run(inputs, names.length);
    const cosines = names.map(
      (file, i) =>
        [
          file,
          cosine(rows.subarray(i * encoder.dimension, (i + 1) * encoder.dimension), reference.images[file]),
        ] as const,
    );
    expect(names.length).toBeGreaterThan(35);
    expect(worst(cosines)).toBeNull();
    await encoder.close();
  });

  test("prepares pictures of lossless formats to the same bits", async () => {
    const prepare = createImagePreparation((await tinyDescription(name)).image);
    const different: string[] = [];
    for (const [file, sha256] of Object.entries(reference.prepared)) {
      const values = prepare(await decodePicture(picturePath(file)));
      const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
      if (createHash("sha256").update(bytes).digest("hex") !== sha256) different.push(file);
    }
    expect(different).toEqual([]);
  });

  test("gives every difficult caption the tokens and the embedding that transformers gives it", async () => {
    const encoder = await openTiny(name);
    const { text } = await tinyDescription(name);
    for (const [i, caption] of expected.captions.entries()) {
      const tokens = [...encoder.text.prepare(caption)];
      while (tokens.length < text.contextLength) tokens.push(text.padToken);
      expect(tokens, JSON.stringify(caption.slice(0, 60))).toEqual(reference.tokens[i]);
    }
    const rows = await encoder.text.run(expected.captions);
    const cosines = expected.captions.map(
      (caption, i) =>
        [
          JSON.stringify(caption.slice(0, 40)),
          cosine(rows.subarray(i * encoder.dimension, (i + 1) * encoder.dimension), reference.texts[i]),
        ] as const,
    );
    expect(cosines.length).toBeGreaterThan(35);
    expect(worst(cosines)).toBeNull();
    await encoder.close();
  });
});

test("a caption has the same embedding alone and in a batch of longer ones", async () => {
  const encoder = await openTiny("clip");
  const alone = await encoder.text.run(["a photo of a cat"]);
  const batch = await encoder.text.run(["word ".repeat(300), "a photo of a cat"]);
  expect(cosine(alone, batch.subarray(encoder.dimension))).toBeGreaterThan(0.999999);
  await encoder.close();
});

describe("the fixtures notice", () => {
  test.each([
    ["another filter", { resample: "bilinear" }],
    ["a picture that is squeezed instead of cropped", { resize: { mode: "exact", width: 224, height: 224 } }],
    ["another mean", { mean: [0.5, 0.5, 0.5] }],
  ] as const)("%s", async (_, change) => {
    const description = await tinyDescription("clip");
    const encoder = await createOnnxEncoder({
      description: { ...description, image: { ...description.image, ...change } as typeof description.image },
      files: tinyFiles("clip"),
      runtime,
    });
    let smallest = 1;
    for (const file of ["large.jpg", "sixteen-colour.png", "palette.png"]) {
      const input = encoder.image.prepare(await decodePicture(picturePath(file)));
      const row = await encoder.image.run(input, 1);
      smallest = Math.min(smallest, cosine(row, expected.families.clip.images[file]));
    }
    expect(smallest).toBeLessThan(0.9999);
    await encoder.close();
  });
});
