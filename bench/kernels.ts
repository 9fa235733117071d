/**
 * Every kernel at the training shape of the paper, with each dense product there is: time, rate,
 * share of a step, and the dense product against what the machine can do.
 *
 *   node bench/kernels.ts [--json] [--rows 1024] [--dimension 768] [--concepts 6144] [--k 20] [--threads n]
 */
import { parseArgs } from "node:util";
import { Random } from "../src/base/random.ts";
import type { Backend, Selection } from "../src/kernels/backend.ts";
import { floatsFrom, integersFrom, makeState, normals } from "../src/kernels/testing/problem.ts";
import { createCpuBackend, defaultThreads, describeEngine } from "../src/platform/node/cpu-backend.ts";
import { peakGflops } from "./kernels-peak.ts";

const { values: options } = parseArgs({
  options: {
    json: { type: "boolean", default: false },
    rows: { type: "string", default: "1024" },
    dimension: { type: "string", default: "768" },
    concepts: { type: "string", default: "6144" },
    k: { type: "string", default: "20" },
    threads: { type: "string", default: String(defaultThreads()) },
    rounds: { type: "string", default: "15" },
  },
});
const [rows, dimension, concepts, k, threads, rounds] = (
  ["rows", "dimension", "concepts", "k", "threads", "rounds"] as const
).map((name) => Number(options[name]));

interface Row {
  readonly kernel: string;
  readonly ms: number;
  readonly rate: string;
  /** Of the plain training step; undefined for kernels outside of it. */
  readonly share: number | undefined;
}

const median = (times: number[]): number => times.toSorted((a, b) => a - b)[times.length >> 1] ?? NaN;

async function measure(backend: Backend): Promise<{ table: Row[]; stepMs: number; denseGflops: number }> {
  const shape = { rows, dimension, concepts };
  const state = makeState(backend, shape, 1, false);
  const random = Random.of(1, "bench");
  const x = floatsFrom(backend, normals(random, rows * dimension));
  const [codes, extra] = [backend.codes(rows, concepts), backend.codes(rows, concepts)];
  const residual = backend.floats(rows * dimension);
  const scale = 2 / (rows * dimension);
  const common = { x, rows, dimension, encoder: state.encoder.values, concepts };
  const encode = (selection: Selection, auxiliaryK = 0) =>
    backend.encode({
      ...common,
      encoderBias: state.encoderBias.values,
      selection,
      codes,
      ...(auxiliaryK > 0 && {
        auxiliary: { listed, count: listed.length, k: auxiliaryK, codes: extra },
      }),
    });
  const listed = integersFrom(
    backend,
    Uint32Array.from({ length: concepts >> 2 }, (_, i) => 4 * i),
  );
  const thresholds = floatsFrom(backend, new Float32Array(concepts).fill(2.7));
  const reconstruct = () =>
    backend.reconstruct({
      codes,
      rows,
      dimension,
      atoms: state.atoms.values,
      decoderBias: state.decoderBias.values,
      target: x,
      residual,
      gradient: { scale },
    });
  let step = 5;
  const update = (how: { clipNorm?: number; lazy?: boolean }) =>
    backend.update({
      x,
      rows,
      dimension,
      concepts,
      terms: [{ codes, residual, scale }],
      adam: { rate: 1e-4, beta1: 0.9, beta2: 0.999, epsilon: 1e-8, step: step++ },
      encoder: state.encoder,
      encoderBias: state.encoderBias,
      atoms: state.atoms,
      decoderBias: state.decoderBias,
      rowsSinceActive: state.rowsSinceActive,
      ...(how.clipNorm !== undefined && { clipNorm: how.clipNorm }),
      ...(how.lazy && { lazy: { lastTouched: state.lastTouched } }),
    });
  const out = backend.floats(rows * concepts);
  const product = () =>
    backend.product({ a: x, b: state.encoder.values, out, m: rows, n: concepts, k: dimension });

  const time = async (run: () => Promise<unknown>): Promise<number> => {
    const times: number[] = [];
    for (let round = -2; round < rounds; round++) {
      const from = performance.now();
      await run();
      if (round >= 0) times.push(performance.now() - from);
    }
    return median(times);
  };
  const flops = 2 * rows * dimension * concepts;
  const batch: Selection = { kind: "batch-topk", total: rows * k };
  const denseMs = await time(product);
  const encodeMs = await time(() => encode(batch));
  const reconstructMs = await time(reconstruct);
  const updateMs = await time(() => update({}));
  const stepMs = encodeMs + reconstructMs + updateMs;
  const gflops = (count: number, ms: number): string => `${(count / ms / 1e6).toFixed(1)} GFLOP/s`;
  const gigabytes = (count: number, ms: number): string => `${(count / ms / 1e6).toFixed(1)} GB/s`;
  const entries = rows * k;
  const table: Row[] = [
    { kernel: "dense product alone", ms: denseMs, rate: gflops(flops, denseMs), share: undefined },
    { kernel: "encode, batch-topk", ms: encodeMs, rate: gflops(flops, encodeMs), share: encodeMs / stepMs },
    {
      kernel: "reconstruct with gradients",
      ms: reconstructMs,
      rate: gflops(4 * entries * dimension, reconstructMs),
      share: reconstructMs / stepMs,
    },
    {
      // Encoder and atoms with two moments each, read and written once.
      kernel: "update",
      ms: updateMs,
      rate: gigabytes(12 * 4 * concepts * dimension, updateMs),
      share: updateMs / stepMs,
    },
  ];
  const others: [string, () => Promise<unknown>][] = [
    ["update, clipped", () => update({ clipNorm: 1e-9 })],
    ["update, lazy", () => update({ lazy: true })],
    ["encode, topk", () => encode({ kind: "topk", k })],
    [
      "encode, signed topk without self",
      () => encode({ kind: "topk", k, signed: true, skipSelf: { firstRow: 0 } }),
    ],
    ["encode, threshold with window", () => encode({ kind: "threshold", thresholds, window: 0.01 })],
    ["encode, positive", () => encode({ kind: "positive" })],
    ["encode, batch-topk with 64 of a quarter", () => encode(batch, 64)],
  ];
  for (const [kernel, run] of others) {
    const ms = await time(run);
    table.push({ kernel, ms, rate: kernel.startsWith("encode") ? gflops(flops, ms) : "", share: undefined });
  }
  const [tiny, other] = [backend.floats(64), backend.floats(64)];
  const call = await time(async () => {
    for (let i = 0; i < 100; i++) await backend.product({ a: tiny, b: tiny, out: other, m: 1, n: 1, k: 4 });
  });
  table.push({ kernel: "smallest operation", ms: call / 100, rate: "", share: undefined });
  return { table, stepMs, denseGflops: flops / denseMs / 1e6 };
}

const facts = await describeEngine();
const products = facts.blas ? (["blas", "wasm"] as const) : (["wasm"] as const);
const peak = peakGflops();
const result: Record<string, unknown> = {
  shape: { rows, dimension, concepts, k },
  threads,
  wasmPeakGflopsPerThread: peak,
};
if (!options.json) {
  console.log(`${rows} rows, ${dimension} dimensions, ${concepts} concepts, k ${k}; ${threads} threads`);
  console.log(`fused multiply-adds in WebAssembly alone: ${peak.toFixed(1)} GFLOP/s on one thread`);
  if (facts.advice !== undefined) console.log(facts.advice);
}
for (const product of products) {
  const backend = await createCpuBackend({ threads, product });
  const { table, stepMs, denseGflops } = await measure(backend);
  await backend.close();
  result[product] = { product: backend.description.product, stepMs, denseGflops, kernels: table };
  if (options.json) continue;
  console.log(`\n${backend.description.product}: ${stepMs.toFixed(1)} ms a step`);
  const bound =
    product === "wasm" ? ` (${((100 * denseGflops) / (peak * threads)).toFixed(0)} % of the peak)` : "";
  console.log(`dense product: ${denseGflops.toFixed(1)} GFLOP/s${bound}`);
  for (const { kernel, ms, rate, share } of table) {
    const part = share === undefined ? "" : `${(100 * share).toFixed(0)} %`;
    console.log(
      `${kernel.padEnd(42)}${ms.toFixed(3).padStart(10)} ms  ${rate.padStart(16)}  ${part.padStart(5)}`,
    );
  }
}
if (options.json) console.log(JSON.stringify(result));
