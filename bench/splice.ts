/**
 * Codes of SpLiCE (`fixed-text`) on an embedding set beside its authors' solvers: the same rows and
 * vocabulary, the same penalty, in the same run. Their default is scikit-learn's positive Lasso, row
 * by row; with a checkout of their repository (github.com/AI4LIFE-GROUP/SpLiCE) their ADMM too.
 *
 * node bench/splice.ts <set> --peer <python> [--splice <checkout>] [--concepts 2048] [--rows 256] [--target-l0 16] [--threads 1]
 *
 * Vocabulary: the set's first captions. Rows are centred by their modality and made unit, as SpLiCE
 * has them. Prints seconds, seconds of processor time, the objective ½‖x − zᵀD‖² + l1·Σz per row, and L0.
 */
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { z } from "zod";
import { Random } from "../src/base/random.ts";
import { writeNpy } from "../src/formats/npy.ts";
import { leastSquaresSolver } from "../src/learners/coding/least-squares.ts";
import { vocabularyAtoms } from "../src/learners/factorization/fixed-text.ts";
import { activePerRow, penaltyFor } from "../src/learners/factorization/sparsity-target.ts";
import { jointRows } from "../src/learners/joint-rows.ts";
import { measurePreparation, prepareRows } from "../src/learners/preparation.ts";
import { openEmbeddingSet } from "../src/pipeline/embedding-set.ts";
import { createCpuBackend } from "../src/platform/node/cpu-backend.ts";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    peer: { type: "string" },
    splice: { type: "string", default: "" },
    concepts: { type: "string", default: "2048" },
    rows: { type: "string", default: "256" },
    "target-l0": { type: "string", default: "16" },
    threads: { type: "string", default: "1" },
  },
});
const [folder] = positionals;
if (folder === undefined || values.peer === undefined) {
  throw new Error("name an embedding set and a Python: node bench/splice.ts <set> --peer <python>");
}
const [concepts, count, target, threads] = [
  values.concepts,
  values.rows,
  values["target-l0"],
  values.threads,
].map(Number);

const set = await openEmbeddingSet(folder);
const d = set.embeddings.dimension;
const captions = new Float32Array(concepts * d);
await set.embeddings.text.readRange(0, concepts, captions);
const atoms = vocabularyAtoms(captions, concepts, d, true);
const source = jointRows(set.embeddings);
const all = Uint32Array.from({ length: source.rows }, (_, i) => i);
const preparation = await measurePreparation(source, all, "per-modality", false);
const drawn = Random.of(0, "bench").permutation(source.rows).subarray(0, count).sort();
const rows = new Float32Array(count * d);
await source.gather(drawn, rows);
await set.close();
prepareRows(preparation, source, drawn, rows);
for (let at = 0; at < rows.length; at += d) {
  const norm = Math.hypot(...rows.subarray(at, at + d));
  for (let t = at; t < at + d; t++) rows[t] /= norm;
}

interface Result {
  readonly solver: string;
  readonly seconds: number;
  readonly cpu: number;
  readonly codes: Float32Array;
}

const backend = await createCpuBackend({ threads });
const results: Result[] = [];
let l1 = 0;
try {
  const shape = { concepts, width: d, mostRows: count, positive: true };
  const search = leastSquaresSolver(backend, shape);
  await search.setAtoms(atoms);
  ({ l1 } = await penaltyFor(target, search, rows, count, count));
  search.free();
  const started = performance.now();
  const used = process.cpuUsage();
  const solver = leastSquaresSolver(backend, shape);
  await solver.setAtoms(atoms);
  const codes = await solver.solve(rows, count, l1);
  solver.free();
  const { user, system } = process.cpuUsage(used);
  const seconds = (performance.now() - started) / 1000;
  results.push({ solver: "viaduct", seconds, cpu: (user + system) / 1e6, codes });
} finally {
  await backend.close();
}

const scratch = mkdtempSync(join(tmpdir(), "viaduct-splice-"));
const measured = z.array(
  z.object({ solver: z.string(), seconds: z.number(), cpu: z.number(), codes: z.array(z.number()) }),
);
try {
  writeFileSync(join(scratch, "rows.npy"), writeNpy(rows, [count, d]));
  writeFileSync(join(scratch, "atoms.npy"), writeNpy(atoms, [concepts, d]));
  const script = fileURLToPath(new URL("peers/splice.py", import.meta.url));
  const output = execFileSync(values.peer, [script, scratch, String(l1), String(threads), values.splice], {
    encoding: "utf8",
    maxBuffer: 2 ** 30,
  });
  for (const { codes, ...peer } of measured.parse(JSON.parse(output))) {
    results.push({ ...peer, codes: Float32Array.from(codes) });
  }
} finally {
  rmSync(scratch, { recursive: true, force: true });
}

function objective(codes: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < count; i++) {
    const left = Float64Array.from(rows.subarray(i * d, (i + 1) * d));
    for (let j = 0; j < concepts; j++) {
      const value = codes[i * concepts + j];
      if (value === 0) continue;
      sum += l1 * value;
      for (let t = 0; t < d; t++) left[t] -= value * atoms[j * d + t];
    }
    for (const value of left) sum += 0.5 * value * value;
  }
  return sum / count;
}

console.log(
  `${count} rows, ${concepts} captions, ${d} dimensions, l1 ${l1.toPrecision(4)}, threads ${threads}`,
);
console.table(
  results.map(({ solver, seconds, cpu, codes }) => ({
    solver,
    seconds: seconds.toFixed(2),
    "processor seconds": cpu.toFixed(2),
    objective: objective(codes).toFixed(7),
    L0: activePerRow(codes, count).toFixed(2),
  })),
);
