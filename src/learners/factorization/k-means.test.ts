import { describe, expect, it } from "vitest";
import { Random } from "../../base/random.ts";
import { createReferenceBackend } from "../../kernels/reference/backend.ts";
import type { Floats } from "../../kernels/backend.ts";
import { NearestCentroid } from "../../linalg/nearest-centroid.ts";
import { encodeRows } from "../codes.ts";
import { fitFixture, fixtureRows, rebuiltRows, reference, x } from "../testing/components.ts";
import { kMeans } from "./k-means.ts";
import { kMeansPlusPlus } from "./k-means-start.ts";
import { inertiaOf, lloyd, type Clustering } from "./lloyd.ts";
import { miniBatchKMeans } from "./mini-batch-k-means.ts";

const { rows, dimension: d, kMeans: expected } = reference;
const backend = createReferenceBackend();

async function cluster(start: readonly number[] | Float32Array): Promise<Clustering> {
  const held = backend.floats(x.length);
  backend.write(held, x);
  const shape = { x, held, rows, dimension: d };
  const limits = { iterations: 300, tolerance: 1e-4, observe: () => undefined };
  return lloyd(backend, { ...shape, start: Float32Array.from(start), ...limits });
}

/** The start that a seed draws. */
async function drawn(seed: number): Promise<Uint32Array> {
  const held = backend.floats(x.length);
  backend.write(held, x);
  const shape = { rows, dimension: d, concepts: expected.clusters };
  return kMeansPlusPlus(backend, held, x, shape, Random.of(seed));
}

function floatsOf(values: Float32Array): Floats {
  const held = backend.floats(values.length);
  backend.write(held, values);
  return held;
}

function rowsAt(numbers: Uint32Array): Float32Array {
  return Float32Array.from([...numbers].flatMap((row) => [...x.subarray(row * d, (row + 1) * d)]));
}

it("Lloyd from scikit-learn's start ends at its clusters, centroids and inertia within 1e-5", async () => {
  const { centroids, labels, inertia, ended } = await cluster(expected.start);
  expect([...labels]).toEqual(expected.labels);
  expected.centroids.forEach((value, e) => expect(Math.abs(centroids[e] - value)).toBeLessThan(1e-4));
  expect(Math.abs(inertia / expected.inertia - 1)).toBeLessThan(1e-5);
  expect(ended).toBe("converged");
});

it("Lloyd fills centroids that no row is nearest to, and ends within 1 % of scikit-learn's inertia", async () => {
  const { labels, inertia } = await cluster(expected.crowdedStart);
  expect(new Set(labels).size).toBe(expected.clusters);
  expect(inertia / expected.crowdedInertia).toBeLessThan(1.01);
});

it("Lloyd survives more centroids than there are different rows", async () => {
  const few = new Float32Array(20 * d);
  for (let i = 0; i < 20; i++) few.set(x.subarray((i % 3) * d, ((i % 3) + 1) * d), i * d);
  const held = backend.floats(few.length);
  backend.write(held, few);
  const limits = { iterations: 50, tolerance: 0, observe: () => undefined };
  const start = few.slice(0, 5 * d);
  const { inertia } = await lloyd(backend, { x: few, held, rows: 20, dimension: d, start, ...limits });
  expect(inertia).toBeLessThan(1e-6);
});

describe("mini-batches", () => {
  const { batch, batches, centroids: wanted, seeds, meanInertia } = reference.miniBatch;
  const start = Float32Array.from(expected.start);
  const common = { x, rows, dimension: d, start, batch, observe: () => undefined };

  it("move scikit-learn's centroids where scikit-learn moves them, within 1e-4", async () => {
    const steps = batches.length / batch;
    const { centroids } = await miniBatchKMeans(backend, {
      ...common,
      steps,
      random: Random.of(0),
      draw: (step) => Uint32Array.from(batches.slice((step - 1) * batch, step * batch)),
      leastShare: 0,
    });
    wanted.forEach((value, e) => expect(Math.abs(centroids[e] - value)).toBeLessThan(1e-4));
  });

  it("of their own drawing end within 1 % of scikit-learn's inertia, on average over seeds", async () => {
    let sum = 0;
    for (let seed = 0; seed < seeds; seed++) {
      const steps = Math.floor((100 * rows) / batch);
      const { centroids } = await miniBatchKMeans(backend, { ...common, steps, random: Random.of(seed) });
      const search = new NearestCentroid(backend, floatsOf(x), {
        mostRows: rows,
        dimension: d,
        concepts: expected.clusters,
      });
      search.setCentroids(centroids);
      const { label } = await search.find(rows);
      sum += inertiaOf(x, centroids, label, d);
    }
    expect(sum / seeds / meanInertia).toBeLessThan(1.01);
  });
});

it("k-means++ leaves less to do than rows drawn evenly, and draws by its seed", async () => {
  const firstInertia = async (start: Float32Array): Promise<number> => {
    const held = backend.floats(x.length);
    backend.write(held, x);
    let first = 0;
    const observe = (_step: number, inertia: number): void => {
      first = inertia;
    };
    await lloyd(backend, { x, held, rows, dimension: d, start, iterations: 1, tolerance: 0, observe });
    return first;
  };
  let spread = 0;
  let even = 0;
  for (let seed = 0; seed < 8; seed++) {
    spread += await firstInertia(rowsAt(await drawn(seed)));
    even += await firstInertia(rowsAt(Random.of(seed).permutation(rows).slice(0, expected.clusters)));
  }
  expect(spread).toBeLessThan(0.9 * even);
  expect(await drawn(1)).toEqual(await drawn(1));
  expect(await drawn(1)).not.toEqual(await drawn(2));
});

it.each([{ batch: undefined }, { batch: 32 }])(
  "k-means from its own start, batch $batch, comes within 10 % of scikit-learn's inertia with one-hot codes",
  async ({ batch }) => {
    const { clusters, inertia } = expected;
    const { fitted } = await fitFixture(kMeans, { concepts: clusters, batch, seed: 3 });
    const { dictionary } = fitted;
    const codes = await encodeRows(dictionary, fixtureRows().image, "image", backend);
    expect(codes.value.length).toBe(codes.rows);
    const rebuilt = await rebuiltRows(dictionary, codes.rows);
    let error = 0;
    for (let e = 0; e < rebuilt.length; e++) error += (x[e] - rebuilt[e]) ** 2;
    expect((error / codes.rows) * rows).toBeLessThan(1.1 * inertia);
    // Every row is rebuilt as one of the centroids, and no other is nearer.
    const centroids = Float32Array.from(dictionary.encoder, (value, e) => {
      return value + fitted.preparation.mean.image[e % d];
    });
    const nearest = codes.concept;
    const own = inertiaOf(x, centroids, nearest, d);
    expect(Math.abs(own / error - 1)).toBeLessThan(1e-4);
    for (let j = 0; j < clusters; j++) {
      const other = Uint32Array.from(nearest, () => j);
      expect(inertiaOf(x, centroids, other, d)).toBeGreaterThanOrEqual(own);
    }
  },
);

it("hears that it should stop while k-means++ looks for a start", async () => {
  const config = kMeans.configure({ concepts: 20 }, { rows, dimension: d });
  const stop = new AbortController();
  const stages = new Set<string>();
  const started = kMeans.fit(fixtureRows(), config, {
    backend,
    log: () => {},
    signal: stop.signal,
    progress: ({ stage, done }) => {
      stages.add(stage);
      if (done === 3) stop.abort();
    },
  });
  await expect(started).rejects.toMatchObject({ code: "cancelled" });
  expect([...stages]).toEqual(["start"]);
});

it("refuses more centroids than rows, in one line", () => {
  expect(() => kMeans.configure({ concepts: 91 }, { rows: 100, dimension: 8 })).toThrow(
    "concepts is 91; k-means finds at most 90 here",
  );
});
