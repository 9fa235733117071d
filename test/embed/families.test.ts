/**
 * What `embed` itself gives for difficult pictures and texts, beside transformers: a tiny model of the real
 * architecture of each family. Cosine at least 0.9999. Blank texts are no captions to `embed`; embedTexts takes them.
 */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { embedPictures } from "../../src/pipeline/embed/embed.ts";
import { openEmbeddingSet } from "../../src/pipeline/embedding-set.ts";
import { embedPicture, embedTexts } from "../../src/pipeline/encoders/embed-one.ts";
import { loadEncoder } from "../../src/pipeline/encoders/load-encoder.ts";
import { workplace } from "../import/small-set.ts";

const { at, put } = workplace();
const fixtures = fileURLToPath(new URL("../fixtures/encoders/", import.meta.url));
const row = z.array(z.number());
const { captions, families } = z
  .object({
    captions: z.array(z.string()),
    families: z.record(
      z.string(),
      z.object({ dimension: z.int(), images: z.record(z.string(), row), texts: z.array(row) }),
    ),
  })
  .parse(JSON.parse(readFileSync(`${fixtures}expected.json`, "utf8")));

function cosine(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let [dot, aa, bb] = [0, 0, 0];
  for (let i = 0; i < a.length; i++) {
    dot += a[i] * b[i];
    aa += a[i] ** 2;
    bb += b[i] ** 2;
  }
  return dot / Math.sqrt(aa * bb);
}

describe.each(Object.entries(families))("%s", (family, { dimension, images, texts }) => {
  const model = `onnx:${fixtures}${family}`;

  it("in a set", async () => {
    const words = await put(
      "captions.jsonl",
      captions.map((caption) => JSON.stringify({ caption })).join("\n"),
    );
    const { path } = await embedPictures({
      pictures: [`${fixtures}pictures`],
      texts: words,
      model,
      out: at("set"),
      captionFormat: "none",
    });
    const set = await openEmbeddingSet(path);
    const files = (await set.items.image.column("file")) as string[];
    const rows = new Float32Array(files.length * dimension);
    await set.embeddings.image.readRange(0, files.length, rows);
    for (const [name, expected] of Object.entries(images)) {
      const found = files.indexOf(name);
      expect(found, name).toBeGreaterThanOrEqual(0);
      expect(
        cosine(rows.subarray(found * dimension, (found + 1) * dimension), expected),
        name,
      ).toBeGreaterThan(0.9999);
    }
    const said = (await set.items.text.column("caption")) as string[];
    const spoken = new Float32Array(said.length * dimension);
    await set.embeddings.text.readRange(0, said.length, spoken);
    const kept = captions.flatMap((caption, i) => (caption.trim() === "" ? [] : [{ caption, i }]));
    expect(said).toEqual(kept.map(({ caption }) => caption));
    for (const [at, { caption, i }] of kept.entries()) {
      expect(
        cosine(spoken.subarray(at * dimension, (at + 1) * dimension), texts[i]),
        caption,
      ).toBeGreaterThan(0.9999);
    }
    await set.close();
  });

  it("one by one", async () => {
    const loaded = await loadEncoder({ spec: model });
    const rows = await embedTexts(loaded, captions, { batch: 3 });
    captions.forEach((caption, i) =>
      expect(cosine(rows.subarray(i * dimension, (i + 1) * dimension), texts[i]), caption).toBeGreaterThan(
        0.9999,
      ),
    );
    const picture = await embedPicture(loaded, `${fixtures}pictures/turned-6.jpg`);
    expect(cosine(picture, images["turned-6.jpg"])).toBeGreaterThan(0.9999);
    await loaded.encoder.close();
  });
});
