/** Which rows the batches hold: in memory and read window by window, mixed, and from any step on. */
import { describe, expect, it } from "vitest";
import { rowsInMemory } from "../../base/rows.ts";
import { jointRows } from "../joint-rows.ts";
import { measurePreparation } from "../preparation.ts";
import { batchReader } from "./batches.ts";
import type { BatchReader } from "./batches.ts";

const images = 12_000;
const texts = 30_000;
const batch = 500;
/** Row i is (i, 0), so that a batch says which rows it holds; 16,384 rows make a window. */
const source = jointRows({
  dimension: 2,
  image: rowsInMemory(numbered(0, images), 2),
  text: rowsInMemory(numbered(images, texts), 2),
  pairs: { image: new Uint32Array(0), text: new Uint32Array(0) },
});
const train = Uint32Array.from({ length: images + texts }, (_, i) => i).filter((i) => i % 10 !== 3);

function numbered(first: number, count: number): Float32Array {
  return Float32Array.from({ length: 2 * count }, (_, i) => (i % 2 === 0 ? first + i / 2 : 0));
}

async function reader(
  memoryLimit: number | undefined,
  mixture: { image: number; text: number } | null,
): Promise<BatchReader> {
  const preparation = await measurePreparation(source, train, "none", false);
  return batchReader({
    source,
    train,
    preparation,
    batch,
    seed: 7,
    mixture,
    ...(memoryLimit !== undefined && { memoryLimit }),
  });
}

async function rowsOf(from: BatchReader, step: number): Promise<Uint32Array> {
  const out = new Float32Array(batch * 2);
  await from.fill(step, out);
  return Uint32Array.from({ length: batch }, (_, i) => out[2 * i]);
}

/** The rows of `epochs` epochs, in the order in which they come. */
async function sequence(from: BatchReader, epochs: number): Promise<Uint32Array[]> {
  const all = new Uint32Array(Math.ceil((epochs * train.length) / batch) * batch);
  for (let step = 0; step * batch < all.length; step++) all.set(await rowsOf(from, step), step * batch);
  return Array.from({ length: epochs }, (_, e) => all.subarray(e * train.length, (e + 1) * train.length));
}

describe.each([
  ["held in memory", undefined],
  ["read as they are needed", 0],
])("rows %s", (_, limit) => {
  it("are each visited once an epoch, every epoch in another order", async () => {
    const epochs = await sequence(await reader(limit, null), 3);
    for (const rows of epochs) expect(rows.slice().sort()).toEqual(train);
    expect(epochs[0]).not.toEqual(epochs[1]);
    // Shuffled through: no long run of neighbours is left.
    const neighbours = epochs[0].filter((row, i) => i > 0 && row === epochs[0][i - 1] + 1).length;
    expect(neighbours).toBeLessThan(train.length / 100);
  });

  it.each([
    [{ image: 1, text: 1 }, 0.5],
    [{ image: 75, text: 25 }, 0.75],
  ])("come in the asked mixture %o, none repeated before all were used", async (mixture, share) => {
    const [rows] = await sequence(await reader(limit, mixture), 1);
    const imagesSeen = rows.filter((row) => row < images);
    expect(imagesSeen.length).toBe(Math.round(share * train.length));
    const trained = train.filter((row) => row < images).length;
    const times = new Map<number, number>();
    for (const row of imagesSeen) times.set(row, (times.get(row) ?? 0) + 1);
    expect(times.size).toBe(trained);
    const fewest = Math.floor(imagesSeen.length / trained);
    for (const count of times.values()) expect([fewest, fewest + 1]).toContain(count);
    const textsSeen = rows.filter((row) => row >= images);
    expect(new Set(textsSeen).size).toBe(textsSeen.length);
  });

  it("are the same from any step on", async () => {
    const whole = await reader(limit, { image: 2, text: 1 });
    const steps = [0, 31, 32, 33, 75, 76, 120, 151];
    const expected = new Map<number, Uint32Array>();
    for (let step = 0; step <= 151; step++) {
      const rows = await rowsOf(whole, step);
      if (steps.includes(step)) expected.set(step, rows);
    }
    for (const step of steps) {
      expect(await rowsOf(await reader(limit, { image: 2, text: 1 }), step)).toEqual(expected.get(step));
    }
  });
});
