/**
 * Every factorisation beside scikit-learn's on the same rows in the same run: seconds of the fit
 * (rows in memory on both sides, the least of `--runs`), their ratio, the same in seconds of processor
 * time over all threads (the least of them too), the objective of both, and the turns both took. Objective: Σ‖x − x̂‖² per row; for sparse-pca ½‖X − UV‖² + α·Σ|V| per row.
 *
 * node bench/factorizations.ts <set> [--peer <python>] [--methods pca,k-means] [--runs 1] [--threads <n>] [--json]
 * On a machine that is busy with other work compare `--threads 1`: there scikit-learn's threads wait for each other.
 */
import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { z } from "zod";
import { silent } from "../src/base/progress.ts";
import { modalities, rowsInMemory, type EmbeddingRows } from "../src/base/rows.ts";
import type { Backend } from "../src/kernels/backend.ts";
import { decodeCodes, encodeBlocks } from "../src/learners/codes.ts";
import type { Dictionary } from "../src/learners/dictionary.ts";
import { learnerNamed } from "../src/learners/registry.ts";
import { openEmbeddingSet } from "../src/pipeline/embedding-set.ts";
import { createCpuBackend } from "../src/platform/node/cpu-backend.ts";

interface Method {
  /** Also the name of the branch in peers/factorizations.py. */
  readonly name: string;
  readonly learner: string;
  /** For both sides. */
  readonly options: Readonly<Record<string, number>>;
  /** "error": Σ‖x − x̂‖² per row; "loss": the last loss that the learner logged. */
  readonly objective: "error" | "loss";
}

const methods: readonly Method[] = [
  { name: "pca", learner: "pca", options: { concepts: 256 }, objective: "error" },
  { name: "svd", learner: "svd", options: { concepts: 64 }, objective: "error" },
  { name: "ica", learner: "ica", options: { concepts: 64 }, objective: "error" },
  { name: "k-means", learner: "k-means", options: { concepts: 256 }, objective: "error" },
  {
    name: "mini-batch k-means",
    learner: "k-means",
    options: { concepts: 256, batch: 1024 },
    objective: "error",
  },
  // One turn: scikit-learn needs half a minute for it.
  {
    name: "sparse-pca",
    learner: "sparse-pca",
    options: { concepts: 64, l1: 1, iterations: 1, tolerance: 0 },
    objective: "loss",
  },
];

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    peer: { type: "string" },
    methods: { type: "string" },
    runs: { type: "string", default: "1" },
    threads: { type: "string" },
    product: { type: "string", default: "auto" },
    json: { type: "boolean", default: false },
  },
});
const [folder] = positionals;
if (folder === undefined) throw new Error("name an embedding set: node bench/factorizations.ts <set>");
const runs = Number(values.runs);
const asked = values.methods?.split(",");

const result = z.object({ seconds: z.number(), cpu: z.number(), objective: z.number(), steps: z.number() });
type Result = z.infer<typeof result>;

async function inMemory(data: EmbeddingRows): Promise<EmbeddingRows> {
  const [image, text] = await Promise.all(
    modalities.map(async (modality) => {
      const { rows, columns } = data[modality];
      const held = new Float32Array(rows * columns);
      await data[modality].readRange(0, rows, held);
      return rowsInMemory(held, columns);
    }),
  );
  return { ...data, image, text };
}

async function errorPerRow(dictionary: Dictionary, data: EmbeddingRows, backend: Backend): Promise<number> {
  let error = 0;
  for (const modality of modalities) {
    for await (const { codes, rows } of encodeBlocks(dictionary, data[modality], modality, backend)) {
      const rebuilt = decodeCodes(codes, dictionary, modality);
      for (let e = 0; e < rebuilt.length; e++) error += (rows[e] - rebuilt[e]) ** 2;
    }
  }
  return error / (data.image.rows + data.text.rows);
}

async function ours(
  { learner: name, options, objective }: Method,
  data: EmbeddingRows,
  backend: Backend,
): Promise<Result> {
  const learner = learnerNamed(name);
  const { dimension } = data;
  const config = learner.configure(
    { ...options, heldOut: 0 },
    { rows: data.image.rows + data.text.rows, dimension },
  );
  let best: Result | undefined;
  for (let run = 0; run < runs; run++) {
    let loss = 0;
    const started = performance.now();
    const used = process.cpuUsage();
    const fitted = await learner.fit(data, config, {
      backend,
      progress: silent,
      log: (row) => {
        loss = row["loss"] ?? loss;
      },
    });
    const seconds = (performance.now() - started) / 1000;
    const { user, system } = process.cpuUsage(used);
    const cpu = (user + system) / 1e6;
    if (best !== undefined) {
      best = { ...best, seconds: Math.min(best.seconds, seconds), cpu: Math.min(best.cpu, cpu) };
      continue;
    }
    const reached = objective === "loss" ? loss : await errorPerRow(fitted.dictionary, data, backend);
    best = { seconds, cpu, objective: reached, steps: fitted.steps };
  }
  if (best === undefined) throw new Error(`--runs is ${values.runs}; expected at least 1`);
  return best;
}

const threads = values.threads === undefined ? undefined : Number(values.threads);
const peerEnvironment =
  threads === undefined
    ? process.env
    : { ...process.env, OMP_NUM_THREADS: String(threads), OPENBLAS_NUM_THREADS: String(threads) };

function peers(python: string, set: string, { name, options }: Method): Result {
  const script = fileURLToPath(new URL("peers/factorizations.py", import.meta.url));
  const args = [script, set, name, JSON.stringify(options), String(runs)];
  const output = execFileSync(python, args, {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "ignore"],
    env: peerEnvironment,
  });
  return result.parse(JSON.parse(output));
}

const set = await openEmbeddingSet(folder);
const data = await inMemory(set.embeddings).finally(() => set.close());
const backend = await createCpuBackend({
  threads,
  product: z.enum(["auto", "wasm", "blas"]).parse(values.product),
});
const rows: { method: string; options: Method["options"]; viaduct: Result; sklearn: Result | null }[] = [];
try {
  for (const method of methods) {
    if (asked !== undefined && !asked.includes(method.name)) continue;
    const viaduct = await ours(method, data, backend);
    const sklearn = values.peer === undefined ? null : peers(values.peer, folder, method);
    rows.push({ method: method.name, options: method.options, viaduct, sklearn });
  }
} finally {
  await backend.close();
}
if (values.json) console.log(JSON.stringify({ product: backend.description.product, rows }));
else {
  const { product, threads: used } = backend.description;
  console.log(`${data.image.rows + data.text.rows} x ${data.dimension}, ${product}, threads ${used}`);
  console.table(
    rows.map(({ method, viaduct, sklearn }) => ({
      method,
      seconds: viaduct.seconds.toFixed(2),
      "scikit-learn": sklearn?.seconds.toFixed(2) ?? "–",
      "ours / theirs": sklearn ? (viaduct.seconds / sklearn.seconds).toFixed(2) : "–",
      "processor seconds": viaduct.cpu.toFixed(2),
      "theirs ": sklearn?.cpu.toFixed(2) ?? "–",
      objective: viaduct.objective.toPrecision(5),
      theirs: sklearn?.objective.toPrecision(5) ?? "–",
      turns: sklearn ? `${viaduct.steps} / ${sklearn.steps}` : String(viaduct.steps),
    })),
  );
}
