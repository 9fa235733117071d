import { createHash } from "node:crypto";
import { describe, expect, test } from "vitest";
import { createImagePreparation } from "../../src/encoders/image-preparation.ts";
import { createOnnxEncoder } from "../../src/encoders/onnx-encoder.ts";
import { createTokenizer } from "../../src/encoders/tokenizer.ts";
import { decodePicture } from "../../src/platform/node/decode-picture.ts";
import { createNodeOnnxRuntime } from "../../src/platform/node/onnx-runtime.ts";
import { parityOf, type Parity } from "./parity.ts";
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

/** Inputs whose embedding is further away than it may be, with their cosine. */
const tooFar = (parity: Parity): Parity => parity.filter(([, value]) => !(value >= 0.9999));

describe.each(familyNames)("%s", (name) => {
  const reference = expected.families[name];

  test("gives every difficult picture and caption the embedding that transformers gives it", async () => {
    const { images, texts } = await parityOf(name, runtime);
    expect(images.length).toBeGreaterThan(35);
    expect(texts.length).toBeGreaterThan(35);
    expect(tooFar(images)).toEqual([]);
    expect(tooFar(texts)).toEqual([]);
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

  test("gives every difficult caption the tokens that transformers gives it", async () => {
    const { text } = await tinyDescription(name);
    const files = tinyFiles(name);
    const tokens = createTokenizer(text, {
      tokenizer: await files.text(text.tokenizer),
      config: text.tokenizerConfig === null ? null : await files.text(text.tokenizerConfig),
    });
    for (const [i, caption] of expected.captions.entries()) {
      const padded = [...tokens(caption)];
      while (padded.length < text.contextLength) padded.push(text.padToken);
      expect(padded, JSON.stringify(caption.slice(0, 60))).toEqual(reference.tokens[i]);
    }
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
