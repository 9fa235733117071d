/**
 * Samples per second of training, through the real training loop, beside overcomplete's train_sae
 * in the same run: BatchTopK, batches of 1,024, 768 dimensions, 6,144 concepts, k 20, two threads.
 *
 * node bench/train-step.ts [--peer <python>] [--steps 40] [--json]
 */
import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { z } from "zod";
import { Random } from "../src/base/random.ts";
import { rowsInMemory } from "../src/base/rows.ts";
import type { Backend } from "../src/kernels/backend.ts";
import { learnerNamed } from "../src/learners/registry.ts";
import { createCpuBackend, describeEngine } from "../src/platform/node/cpu-backend.ts";

const { values } = parseArgs({
  options: {
    peer: { type: "string" },
    steps: { type: "string", default: "40" },
    json: { type: "boolean", default: false },
  },
});
const shape = { batch: 1024, dimension: 768, concepts: 6144, k: 20 };
const steps = Number(values.steps);
const warmUp = 5;
const kernels = ["encode", "reconstruct", "update"] as const;
type Kernel = (typeof kernels)[number];

const random = Random.of(0, "bench rows");
const rows = Float32Array.from({ length: shape.batch * 8 * shape.dimension }, () => random.normal());
for (let at = 0; at < rows.length; at += shape.dimension) {
  const norm = Math.hypot(...rows.subarray(at, at + shape.dimension));
  for (let t = at; t < at + shape.dimension; t++) rows[t] /= norm;
}

interface Measured {
  readonly product: string;
  readonly samplesPerSecond: number;
  readonly ratio: number | null;
  /** Of encode, selection included. */
  readonly denseGflops: number;
  /** Milliseconds of a step. */
  readonly kernels: Readonly<Record<Kernel | "rest", number>>;
}

/** Milliseconds spent in each kernel; the loop itself is untouched. */
function timed(backend: Backend, spent: Record<Kernel, number>): Backend {
  const wrapped = Object.create(backend) as Backend;
  for (const name of kernels) {
    const kernel = backend[name].bind(backend) as (operation: never) => Promise<never>;
    Object.defineProperty(wrapped, name, {
      value: async (operation: never) => {
        const started = performance.now();
        const result = await kernel(operation);
        spent[name] += performance.now() - started;
        return result;
      },
    });
  }
  for (const name of [
    "floats",
    "integers",
    "codes",
    "write",
    "read",
    "readCodes",
    "writeCodes",
    "readGradients",
    "free",
  ] as const) {
    Object.defineProperty(wrapped, name, {
      value: backend[name].bind(backend),
    });
  }
  return wrapped;
}

async function measure(product: "blas" | "wasm", peer: number | null): Promise<Measured> {
  const backend = await createCpuBackend({ product, threads: 2 });
  const learner = learnerNamed("batch-topk");
  const { batch, dimension, concepts, k } = shape;
  const total = rows.length / dimension;
  const config = learner.configure(
    {
      concepts,
      k,
      batch,
      epochs: Math.ceil(((steps + warmUp) * batch) / total),
      heldOut: 0,
      evaluations: 0,
      logEvery: 1,
      scale: false,
    },
    { rows: total, dimension },
  );
  const spent: Record<Kernel, number> = { encode: 0, reconstruct: 0, update: 0 };
  let started = 0;
  let elapsed = 0;
  const text = rowsInMemory(new Float32Array(0), dimension);
  const none = new Uint32Array(0);
  let counted = { ...spent };
  await learner.fit(
    { dimension, image: rowsInMemory(rows, dimension), text, pairs: { image: none, text: none } },
    config,
    {
      backend: timed(backend, spent),
      progress: () => {},
      log: (row) => {
        if (row["step"] === warmUp) {
          started = performance.now();
          for (const name of kernels) spent[name] = 0;
        }
        if (row["step"] === warmUp + steps) {
          elapsed = performance.now() - started;
          counted = { ...spent };
        }
      },
    },
  );
  const used = backend.description.product;
  await backend.close();
  if (elapsed === 0) throw new Error("the run ended before the counted steps were done");
  const each = Object.fromEntries(kernels.map((name) => [name, counted[name] / steps])) as Record<
    Kernel,
    number
  >;
  const samplesPerSecond = (steps * batch) / (elapsed / 1000);
  return {
    product: used,
    samplesPerSecond,
    ratio: peer === null ? null : samplesPerSecond / peer,
    denseGflops: (2 * batch * dimension * concepts) / (each.encode * 1e6),
    kernels: { ...each, rest: elapsed / steps - each.encode - each.reconstruct - each.update },
  };
}

function peerRate(python: string): number {
  const { batch, dimension, concepts, k } = shape;
  const script = fileURLToPath(new URL("peers/train_step.py", import.meta.url));
  const output = execFileSync(python, [script, ...[batch, dimension, concepts, k, 12].map(String)], {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "ignore"],
  });
  return z.object({ samplesPerSecond: z.number() }).parse(JSON.parse(output.trim().split("\n").at(-1)))
    .samplesPerSecond;
}

const peer = values.peer === undefined ? null : peerRate(values.peer);
const engine = await describeEngine();
const products: Measured[] = [];
if (engine.blas !== undefined) products.push(await measure("blas", peer));
products.push(await measure("wasm", peer));
const [chosen] = products;
if (chosen === undefined) throw new Error("nothing was measured");
const { samplesPerSecond, ratio, denseGflops } = chosen;
if (values.json) {
  console.log(JSON.stringify({ samplesPerSecond, peerSamplesPerSecond: peer, ratio, denseGflops, products }));
} else {
  console.log(
    `b ${shape.batch}, d ${shape.dimension}, c ${shape.concepts}, k ${shape.k}, two threads, ${steps} steps`,
  );
  console.table(
    products.map((one) => ({
      product: one.product,
      "samples/s": Math.round(one.samplesPerSecond),
      "times overcomplete": one.ratio?.toFixed(2) ?? "–",
      "dense GFLOP/s": one.denseGflops.toFixed(0),
      ...Object.fromEntries(Object.entries(one.kernels).map(([name, ms]) => [`${name} ms`, ms.toFixed(1)])),
    })),
  );
  if (peer !== null) console.log(`overcomplete: ${Math.round(peer)} samples/s`);
}
