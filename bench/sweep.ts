/**
 * How a sweep had best use its cores, measured on an embedding set with batch-topk:
 *
 *     node bench/sweep.ts <set> [rounds]
 *
 * 1. Two cells after each other on all threads, or beside each other on one each: seconds for both.
 * 2. One product for the encoders of three cells on one shared batch, or one product for each: time of
 *    three over time of the wide one. Above 1 the wide one is faster. It is an upper bound for what sharing
 *    a pass can save: only cells of one seed see the same rows in the same order at all.
 * 3. Share of a step that goes into reading its batch, which is all that such cells could share besides.
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { jointRows } from "../src/learners/joint-rows.ts";
import { measurePreparation } from "../src/learners/preparation.ts";
import { batchReader } from "../src/learners/sae/batches.ts";
import { openEmbeddingSet } from "../src/pipeline/embedding-set.ts";
import { sweepStudy } from "../src/pipeline/sweep/sweep.ts";
import { createCpuBackend } from "../src/platform/node/cpu-backend.ts";

const [set, roundsGiven = "3"] = process.argv.slice(2);
if (set === undefined) throw new Error("node bench/sweep.ts <set> [rounds]");
const rounds = Number(roundsGiven);
const threads = 2;
const [batch, k] = [256, 16];

const median = (values: number[]): number => values.sort((a, b) => a - b)[values.length >> 1] ?? NaN;

async function sweepSeconds(concepts: number, epochs: number, atOnce: number): Promise<number> {
  const folder = await mkdtemp(join(tmpdir(), "viaduct-bench-"));
  try {
    const spec = {
      set: set,
      study: join(folder, "study"),
      learners: ["batch-topk"],
      mixtures: [],
      diet: {},
    };
    const grid = { concepts: [String(concepts)], k: [String(k)], seeds: ["0", "1"], options: { epochs } };
    const { seconds } = await sweepStudy(
      { ...spec, ...grid, analyze: false, threads, atOnce, product: "auto" },
      { freeMemory: Infinity, now: () => performance.now() },
    );
    return seconds;
  } finally {
    await rm(folder, { recursive: true });
  }
}

for (const [concepts, epochs] of [
  [1024, 6],
  [4096, 3],
] as const) {
  const ratios: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const after = await sweepSeconds(concepts, epochs, 1);
    const beside = await sweepSeconds(concepts, epochs, threads);
    ratios.push(after / beside);
    console.log(JSON.stringify({ concepts, epochs, afterEachOther: after, besideEachOther: beside }));
  }
  console.log(JSON.stringify({ concepts, besideIsFasterBy: median(ratios) }));
}

const opened = await openEmbeddingSet(set);
const source = jointRows(opened.embeddings);
const d = source.columns;
const train = Uint32Array.from({ length: source.rows }, (_, row) => row);
const preparation = await measurePreparation(source, train, "global", true);
const reader = batchReader({ source, train, preparation, batch, seed: 0, mixture: null });
const rows = new Float32Array(batch * d);
await reader.fill(0, rows);
const steps = 200;
const begun = performance.now();
for (let step = 1; step <= steps; step++) await reader.fill(step, rows);
console.log(JSON.stringify({ readBatchMilliseconds: (performance.now() - begun) / steps }));
await opened.close();

for (const many of [1, threads]) {
  const backend = await createCpuBackend({ threads: many });
  for (const concepts of [1024, 4096]) {
    const [narrow, wide]: [number[], number[]] = [[], []];
    const a = backend.floats(batch * d);
    const b = backend.floats(3 * concepts * d);
    const out = backend.floats(batch * 3 * concepts);
    const time = async (n: number, times: number): Promise<number> => {
      const start = performance.now();
      for (let i = 0; i < times; i++) await backend.product({ a, b, out, m: batch, n, k: d });
      return (performance.now() - start) / times;
    };
    await time(3 * concepts, 5);
    for (let round = 0; round < 5 * rounds; round++) {
      narrow.push(await time(concepts, 15));
      wide.push(await time(3 * concepts, 5));
    }
    backend.free(a, b, out);
    const [one, three] = [median(narrow), median(wide)];
    console.log(
      JSON.stringify({
        threads: many,
        concepts,
        oneProduct: one,
        wideProduct: three,
        saved: (3 * one) / three,
      }),
    );
  }
  await backend.close();
}
