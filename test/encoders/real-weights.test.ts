/**
 * The published checkpoints give the values that their authors' code gives. Runs where the weights are in
 * the hub's cache and the reference values in ../shared/data; never downloads anything.
 */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { bytesInMemory, readBytes } from "../../src/formats/byte-source.ts";
import { npyMatrix } from "../../src/formats/npy.ts";
import { cachedEncoders } from "../../src/pipeline/encoders/cached-encoders.ts";
import type { LoadedEncoder } from "../../src/pipeline/encoders/encoder-choice.ts";
import { loadEncoder } from "../../src/pipeline/encoders/load-encoder.ts";
import { decodePicture } from "../../src/platform/node/decode-picture.ts";

const shared =
  process.env["VIADUCT_SHARED_DATA"] ?? fileURLToPath(new URL("../../../shared/data/", import.meta.url));
const fixtures = join(shared, "fixtures");

/** Why a checkpoint's test cannot run; undefined where it can. */
function missing(alias: string, folder: string): string | undefined {
  const { cache, encoders } = cachedEncoders();
  if (!existsSync(join(fixtures, folder))) return `no reference values in ../shared/data/fixtures/${folder}`;
  const there = encoders.some((encoder) => encoder.alias === alias && encoder.dtype === "fp32");
  return there ? undefined : `no fp32 files of ${alias} in ${cache}`;
}

function checkpoint(alias: string, folder: string, body: (loaded: () => LoadedEncoder) => void): void {
  const why = missing(alias, folder);
  describe.skipIf(why !== undefined)(`${alias}${why === undefined ? "" : ` (${why})`}`, () => {
    let loaded: LoadedEncoder;
    beforeAll(async () => {
      loaded = await loadEncoder({ spec: alias, device: "cpu", offline: true });
    });
    afterAll(() => loaded.encoder.close());
    body(() => loaded);
  });
}

async function picture({ encoder, description }: LoadedEncoder, path: string): Promise<Float32Array> {
  const pixels = await decodePicture(path, { transparency: description.image.transparency });
  return encoder.image.run(encoder.image.prepare(pixels), 1);
}

async function float32Rows(path: string): Promise<Float32Array> {
  const { source, offset, rows, columns } = await npyMatrix(bytesInMemory(path, readFileSync(path)));
  const bytes = await readBytes(source, offset, 4 * rows * columns);
  return new Float32Array(bytes.slice().buffer);
}

function cosine(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let ab = 0;
  let aa = 0;
  let bb = 0;
  for (let i = 0; i < a.length; i++) {
    ab += a[i] * b[i];
    aa += a[i] * a[i];
    bb += b[i] * b[i];
  }
  return ab / Math.sqrt(aa * bb);
}

checkpoint("clip-b32", "openai-clip", (loaded) => {
  const texts = ["a diagram", "a dog", "a cat"];
  const at = (name: string): string => join(fixtures, "openai-clip", name);

  it("gives the features of OpenAI's code", async () => {
    const image = await picture(loaded(), at("CLIP.png"));
    const text = await loaded().encoder.text.run(texts);
    const expectedImage = await float32Rows(at("image_features.npy"));
    const expectedText = await float32Rows(at("text_features.npy"));
    expect(cosine(image, expectedImage)).toBeGreaterThan(0.9999);
    for (let row = 0; row < texts.length; row++) {
      const range = [512 * row, 512 * (row + 1)] as const;
      expect(cosine(text.subarray(...range), expectedText.subarray(...range))).toBeGreaterThan(0.9999);
    }
  });

  it("gives the probabilities of OpenAI's README", async () => {
    const image = await picture(loaded(), at("CLIP.png"));
    const text = await loaded().encoder.text.run(texts);
    const logits = texts.map((_, row) => 100 * cosine(image, text.subarray(512 * row, 512 * (row + 1))));
    const powers = logits.map((logit) => Math.exp(logit - Math.max(...logits)));
    const sum = powers.reduce((total, power) => total + power, 0);
    [0.9928, 0.0042, 0.003].forEach((expected, row) => expect(powers[row] / sum).toBeCloseTo(expected, 3));
  });
});

const ends = z.object({ first_5: z.array(z.number()), last_5: z.array(z.number()) });
const reference = z.object({
  text_embeddings: z.record(z.string(), ends),
  image_embeddings: z.record(z.string(), ends),
  similarities: z.record(z.string(), z.number()),
});

checkpoint("siglip2-b16", "siglip2", (loaded) => {
  const at = (name: string): string => join(fixtures, "siglip2", name);
  const read = () => reference.parse(JSON.parse(readFileSync(at("reference_embeddings.json"), "utf8")));
  const endsOf = (row: Float32Array): number[] => [...row.subarray(0, 5), ...row.subarray(-5)];

  /** The reference was computed by another implementation, whose decoder and resizing differ a little. */
  const close = (found: number[], expected: number[], tolerance: number): void =>
    found.forEach((value, i) => expect(Math.abs(value - expected[i])).toBeLessThan(tolerance));

  it("gives the first and last values of reference embeddings, and their similarities", async () => {
    const { text_embeddings: texts, image_embeddings: images, similarities } = read();
    const names = Object.keys(texts);
    const rows = await loaded().encoder.text.run(names);
    names.forEach((name, i) => {
      const { first_5, last_5 } = texts[name];
      close(endsOf(rows.subarray(768 * i, 768 * (i + 1))), [...first_5, ...last_5], 2e-3);
    });
    for (const [name, { first_5, last_5 }] of Object.entries(images)) {
      const row = await picture(loaded(), at(`${name}.jpg`));
      close(endsOf(row), [...first_5, ...last_5], 5e-3);
      names.forEach((text, i) => {
        const expected = similarities[`${text.split(" ").at(-1)}_text_${name}_image`];
        expect(cosine(rows.subarray(768 * i, 768 * (i + 1)), row)).toBeCloseTo(expected, 2);
      });
    }
  });
});
