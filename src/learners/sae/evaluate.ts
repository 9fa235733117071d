/** Reconstruction of rows that are only evaluated, while training goes on. */
import { hasVariance } from "../../base/variance.ts";
import type { Backend } from "../../kernels/backend.ts";
import type { JointRows } from "../joint-rows.ts";
import type { MethodRun } from "./method.ts";
import type { Parameters } from "./parameters.ts";
import { prepareRows } from "../preparation.ts";
import type { Preparation } from "../preparation.ts";
import { createRebuilder } from "./rebuild.ts";

export interface Evaluation {
  /** 1 − Σ‖x̂ − x‖² / Σ‖x − μ‖² in raw units, μ the mean of the evaluated rows, sums over all of them; NaN where these do not vary. */
  readonly r2: number;
  readonly activePerSample: number;
}

const blockRows = 1024;

export interface Evaluator {
  evaluate(): Promise<Evaluation>;
  free(): void;
}

/** `rows` are held prepared when they are few, which they are: the caller limits them. */
export async function createEvaluator(
  backend: Backend,
  source: JointRows,
  rows: Uint32Array,
  preparation: Preparation,
  parameters: Parameters,
  run: MethodRun,
): Promise<Evaluator> {
  const d = parameters.dimension;
  const data = new Float32Array(rows.length * d);
  await source.gather(rows, data);
  const { spread, varies } = squaresAroundMean(data, d);
  prepareRows(preparation, source, rows, data);
  const block = Math.min(blockRows, rows.length);
  const rebuilder = createRebuilder(backend, block, parameters, run);

  return {
    async evaluate() {
      await rebuilder.refresh();
      let error = 0;
      let active = 0;
      for (let from = 0; from < rows.length; from += block) {
        const count = Math.min(block, rows.length - from);
        const rebuilt = await rebuilder.rebuild(data.subarray(from * d, (from + count) * d), count);
        error += rebuilt.squaredError;
        active += rebuilt.active;
      }
      const r2 = varies ? 1 - error / (spread * preparation.scale ** 2) : NaN;
      return { r2, activePerSample: active / rows.length };
    },
    free() {
      rebuilder.free();
    },
  };
}

/** Σ‖x − μ‖² over rows of width d, μ their mean, and whether that is more than rounding. */
function squaresAroundMean(data: Float32Array, d: number): { spread: number; varies: boolean } {
  const rows = data.length / d;
  const mean = new Float64Array(d);
  for (let i = 0; i < rows; i++) for (let t = 0; t < d; t++) mean[t] += data[i * d + t] / rows;
  let spread = 0;
  let squares = 0;
  for (let i = 0; i < rows; i++) {
    for (let t = 0; t < d; t++) {
      spread += (data[i * d + t] - mean[t]) ** 2;
      squares += data[i * d + t] ** 2;
    }
  }
  return { spread, varies: hasVariance(spread, squares) };
}
