import { expect, it } from "vitest";
import { silent } from "../../base/progress.ts";
import { Random } from "../../base/random.ts";
import { rowsInMemory, type EmbeddingRows } from "../../base/rows.ts";
import { createReferenceBackend } from "../../kernels/reference/backend.ts";
import type { Centring } from "../learner.ts";
import { secondMoments } from "./second-moments.ts";

const d = 4;

/** Rows around a far mean, another for each modality; ordered, so that early rows tell little of late ones. */
function farRows(images: number, texts: number): EmbeddingRows {
  const random = Random.of(1, "far rows");
  const rowsOf = (rows: number, mean: number): Float32Array =>
    Float32Array.from({ length: rows * d }, (_, e) => mean + (e % d) + e / rows / d + random.normal());
  return {
    dimension: d,
    image: rowsInMemory(rowsOf(images, 100), d),
    text: rowsInMemory(rowsOf(texts, -50), d),
    pairs: { image: new Uint32Array(0), text: new Uint32Array(0) },
  };
}

/** In float64, from all training rows at once. */
async function expected(data: EmbeddingRows, train: Uint32Array, centring: Centring) {
  const rows: { of: "image" | "text"; x: Float32Array }[] = [];
  for (const row of train) {
    const of = row < data.image.rows ? "image" : "text";
    const x = new Float32Array(d);
    await data[of].readRange(of === "image" ? row : row - data.image.rows, 1, x);
    rows.push({ of, x });
  }
  const meanOf = (some: typeof rows): number[] =>
    Array.from(
      { length: d },
      (_, t) => some.reduce((sum, { x }) => sum + x[t], 0) / Math.max(1, some.length),
    );
  const of = (modality: "image" | "text"): typeof rows =>
    centring === "per-modality" ? rows.filter((row) => row.of === modality) : rows;
  const zeros = Array.from({ length: d }, () => 0);
  const mean =
    centring === "none"
      ? { image: zeros, text: zeros }
      : { image: meanOf(of("image")), text: meanOf(of("text")) };
  const products = new Float64Array(d * d);
  for (const row of rows) {
    const y = Array.from(row.x, (value, t) => value - mean[row.of][t]);
    for (let e = 0; e < d * d; e++) products[e] += y[Math.floor(e / d)] * y[e % d];
  }
  return { mean, products };
}

it.each([
  ["global", 5000, 1200],
  ["per-modality", 700, 4300],
  ["none", 300, 200],
  ["global", 0, 9],
  ["per-modality", 9, 0],
] as const)(
  "%s: second moments of %i images and %i texts are those of float64",
  async (center, images, texts) => {
    const data = farRows(images, texts);
    const config = { learner: "pca", concepts: 1, center, heldOut: 0.1, seed: 2 };
    const found = await secondMoments(createReferenceBackend(), data, config, { progress: silent });
    expect(found.rows).toBe(found.split.train.length);
    const { mean, products } = await expected(data, found.split.train, center);
    const largest = products.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    const far = products.reduce((most, value, e) => Math.max(most, Math.abs(value - found.products[e])), 0);
    expect(far / largest).toBeLessThan(3e-7);
    for (const modality of ["image", "text"] as const) {
      mean[modality].forEach((value, t) =>
        expect(Math.abs(found.preparation.mean[modality][t] - value)).toBeLessThan(1e-5),
      );
    }
  },
);

it("stops between blocks when asked", async () => {
  const config = { learner: "pca", concepts: 1, center: "none", heldOut: 0, seed: 0 } as const;
  const controller = new AbortController();
  controller.abort();
  await expect(
    secondMoments(createReferenceBackend(), farRows(5, 5), config, {
      progress: silent,
      signal: controller.signal,
    }),
  ).rejects.toMatchObject({ code: "cancelled" });
});
