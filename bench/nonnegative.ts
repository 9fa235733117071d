/**
 * The NMF family and dictionary learning on an embedding set, beside scikit-learn and overcomplete
 * from the same start over the same rows and turns, in the same run: seconds, seconds of processor time
 * over all threads, and the objective ½‖X − ZD‖² (+ l1·Σ|z| for dictionary learning) that each reached.
 *
 * node bench/nonnegative.ts <set> --peer <python> [--concepts 256] [--iterations 10] [--rows 4096] [--atoms 1024] [--l1 0.1] [--only semi-nmf] [--threads 2]
 * On a machine that is busy with other work compare `--threads 1`.
 *
 * Methods: nmf-cd, nmf-multiplicative, semi-nmf, convex-nmf (atoms of all rows, at most 4096 of them),
 * dictionary-learning (`atoms` concepts, one epoch). `rows` leaves out all training rows but so many.
 */
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { z } from "zod";
import { Random } from "../src/base/random.ts";
import { silent } from "../src/base/progress.ts";
import { writeNpy } from "../src/formats/npy.ts";
import { factoriseConvex } from "../src/learners/factorization/convex-nmf.ts";
import { leastSquaresSolver } from "../src/learners/coding/least-squares.ts";
import { learnOnline } from "../src/learners/factorization/dictionary-learning.ts";
import { factorise, splitParts } from "../src/learners/factorization/nmf.ts";
import { randomStart } from "../src/learners/factorization/non-negative.ts";
import { factoriseSigned } from "../src/learners/factorization/semi-nmf.ts";
import { trainingMatrix } from "../src/learners/factorization/training-matrix.ts";
import { unitAtoms } from "../src/learners/factorization/unit-atoms.ts";
import { openEmbeddingSet } from "../src/pipeline/embedding-set.ts";
import { createCpuBackend } from "../src/platform/node/cpu-backend.ts";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    peer: { type: "string" },
    concepts: { type: "string", default: "256" },
    iterations: { type: "string", default: "10" },
    rows: { type: "string" },
    atoms: { type: "string", default: "1024" },
    l1: { type: "string", default: "0.1" },
    only: { type: "string", default: "" },
    threads: { type: "string", default: "2" },
  },
});
const [folder] = positionals;
if (folder === undefined || values.peer === undefined) {
  throw new Error("name an embedding set and a Python: node bench/nonnegative.ts <set> --peer <python>");
}
const python = values.peer;
const [concepts, iterations, atomCount] = [values.concepts, values.iterations, values.atoms].map(Number);
const l1 = Number(values.l1);
const batch = 512;

const set = await openEmbeddingSet(folder);
const matrix = await trainingMatrix(set.embeddings, {
  center: "global",
  heldOut: 0.1,
  seed: 0,
});
await set.close();
const { dimension } = matrix;
const rows = Math.min(matrix.rows, Number(values.rows ?? matrix.rows));
const signed = matrix.values.slice(0, rows * dimension);
const split = splitParts(signed, dimension);
const backend = await createCpuBackend({ threads: Number(values.threads) });
const scratch = mkdtempSync(join(tmpdir(), "viaduct-nonnegative-"));
const context = { backend, log: () => {}, progress: silent };

const reached = z.object({ seconds: z.number(), cpu: z.number(), objective: z.number() });

/** The peer's seconds and objective for one method, from the arrays written beside it. */
function beside(method: string, arrays: Readonly<Record<string, readonly [Float32Array, number]>>) {
  for (const [name, [data, columns]] of Object.entries(arrays)) {
    writeFileSync(join(scratch, `${name}.npy`), writeNpy(data, [data.length / columns, columns]));
  }
  const script = fileURLToPath(new URL("peers/nonnegative.py", import.meta.url));
  const args = [script, scratch, method, String(iterations), String(l1), String(batch), values.threads];
  return reached.parse(JSON.parse(execFileSync(python, args, { encoding: "utf8" })));
}

interface Time {
  readonly seconds: number;
  readonly cpu: number;
}

async function timed<T>(work: () => Promise<T>): Promise<readonly [T, Time]> {
  const started = performance.now();
  const used = process.cpuUsage();
  const result = await work();
  const { user, system } = process.cpuUsage(used);
  return [result, { seconds: (performance.now() - started) / 1000, cpu: (user + system) / 1e6 }];
}

function report(method: string, ours: z.infer<typeof reached>, peer: z.infer<typeof reached>): void {
  const ratio = (ours: number, theirs: number): string =>
    `${ours.toFixed(2)} s, peer ${theirs.toFixed(2)} s (${(theirs / ours).toFixed(2)} times as fast)`;
  const error = (ours.objective / peer.objective).toFixed(4);
  console.log(
    `${method}: ${ratio(ours.seconds, peer.seconds)}; processor ${ratio(ours.cpu, peer.cpu)}; objective over the peer's ${error}`,
  );
}

const wanted = (method: string): boolean => values.only === "" || values.only === method;
const config = { iterations, tolerance: 0 };
try {
  for (const solver of ["cd", "multiplicative"] as const) {
    const method = `nmf-${solver}`;
    if (!wanted(method)) continue;
    const shape = { rows, width: 2 * dimension, concepts };
    const start = randomStart(shape, split, Random.of(0, "bench"));
    let loss = 0;
    const log = (row: Readonly<Record<string, number>>): void => void (loss = row["loss"]);
    const [, time] = await timed(() =>
      factorise(shape, split, start, { ...config, solver }, { ...context, log }),
    );
    const peer = beside(method, {
      x: [split, 2 * dimension],
      codes: [start.codes, concepts],
      atoms: [start.atoms, 2 * dimension],
    });
    report(method, { ...time, objective: (loss * rows) / 2 }, peer);
  }
  if (wanted("semi-nmf")) {
    const shape = { rows, width: dimension, concepts };
    const start = randomStart(shape, signed, Random.of(0, "bench"));
    const peer = beside("semi-nmf", {
      x: [signed, dimension],
      codes: [start.codes, concepts],
      atoms: [start.atoms, dimension],
    });
    for (const solver of ["cd", "multiplicative"] as const) {
      let loss = 0;
      const log = (row: Readonly<Record<string, number>>): void => void (loss = row["loss"]);
      const [, time] = await timed(() =>
        factoriseSigned(shape, signed, start, { ...config, solver }, { ...context, log }),
      );
      report(`semi-nmf-${solver}`, { ...time, objective: (loss * rows) / 2 }, peer);
    }
  }
  if (wanted("convex-nmf")) {
    const shape = { rows: Math.min(rows, 4096), width: dimension, concepts };
    const x = signed.slice(0, shape.rows * dimension);
    const random = Random.of(0, "bench");
    const { codes } = randomStart(shape, x, random);
    const weights = new Float32Array(concepts * shape.rows).fill(0.1 / shape.rows);
    const chosen = random.permutation(shape.rows).subarray(0, concepts);
    chosen.forEach((row, j) => (weights[j * shape.rows + row] = 1));
    const peer = beside("convex-nmf", {
      x: [x, dimension],
      codes: [codes, concepts],
      weights: [weights, shape.rows],
    });
    for (const solver of ["cd", "multiplicative"] as const) {
      let loss = 0;
      const log = (row: Readonly<Record<string, number>>): void => void (loss = row["loss"]);
      const [, time] = await timed(() =>
        factoriseConvex(shape, x, x, { codes, weights }, { ...config, solver }, { ...context, log }),
      );
      report(`convex-nmf-${solver}`, { ...time, objective: (loss * shape.rows) / 2 }, peer);
    }
  }
  if (wanted("dictionary-learning")) {
    const shape = { rows, width: dimension, concepts: atomCount };
    const start = unitAtoms(signed.slice(0, atomCount * dimension), shape, signed, false).atoms;
    const online = { concepts: atomCount, positive: false, epochs: 1, batch, l1, targetL0: null };
    const data = { x: signed, rows, d: dimension };
    const deciding = { values: signed, rows };
    const [found, time] = await timed(() =>
      learnOnline(data, start, online, { ...context, random: null, deciding }),
    );
    const peer = beside("dictionary-learning", { x: [signed, dimension], atoms: [start, dimension] });
    const sample = 1024;
    const solver = leastSquaresSolver(backend, {
      concepts: atomCount,
      width: dimension,
      mostRows: sample,
      positive: false,
    });
    await solver.setAtoms(found.atoms);
    const x = signed.subarray(0, sample * dimension);
    const codes = await solver.solve(x, sample, l1);
    solver.free();
    report("dictionary-learning", { ...time, objective: objective(x, codes, found.atoms) }, peer);
  }
} finally {
  rmSync(scratch, { recursive: true, force: true });
  await backend.close();
}

function objective(x: Float32Array, codes: Float32Array, atoms: Float32Array): number {
  let sum = 0;
  for (let i = 0; i * dimension < x.length; i++) {
    const left = Float64Array.from(x.subarray(i * dimension, (i + 1) * dimension));
    for (let j = 0; j < atomCount; j++) {
      const value = codes[i * atomCount + j];
      if (value === 0) continue;
      sum += l1 * Math.abs(value);
      for (let t = 0; t < dimension; t++) left[t] -= value * atoms[j * dimension + t];
    }
    for (const value of left) sum += 0.5 * value * value;
  }
  return sum;
}
