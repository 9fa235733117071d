/**
 * The loss of gated codes (arXiv 2404.16014): with the gate a = ReLU(E·x + b_gate) and the codes
 * z = exp(r)·a + δ where a > 0,
 * L = (1/b)·Σ (‖x̂(z) − x‖² + ‖x̂(a) − x‖² + λ‖a‖₁), dictionary and decoder bias frozen in the second part.
 *
 * Per entry, with s = exp(r_j), g = (2/b)·⟨x̂(z) − x, D_j⟩ and h = (2/b)·⟨x̂(a) − x, D_j⟩ + λ/b:
 * encoder and b_gate receive s·g + h, δ receives g, r receives g·(z − δ); the atom receives (2/b)·z·(x̂(z) − x).
 */
import type { SparseCodes } from "../../base/sparse-codes.ts";
import type { Backend } from "../../kernels/backend.ts";
import type { SaeConfig } from "./config.ts";
import type { MethodRun } from "./method.ts";
import type { Objective } from "./objective.ts";
import type { Parameters, Trained } from "./parameters.ts";

const epsilon = 1e-8;

export function gatedObjective(
  backend: Backend,
  config: SaeConfig,
  parameters: Parameters & { readonly logScale: Trained },
  run: MethodRun,
): Objective {
  const { batch: rows, concepts } = config;
  const { dimension, thresholds, logScale } = parameters;
  const scale = 2 / rows;
  const unexplained = backend.floats(rows * dimension);
  const ofGate = backend.floats(rows * dimension);
  const codes = backend.codes(rows, concepts);
  const gradients = { threshold: new Float64Array(concepts), logScale: new Float64Array(concepts) };
  let touched = new Uint8Array(concepts);
  let lastTouched: Uint32Array | null = null;

  return {
    splitsCodes: false,
    async losses(x, gate, step) {
      const common = {
        rows,
        dimension,
        atoms: parameters.atoms.values,
        decoderBias: parameters.decoderBias.values,
        target: x,
      };
      const penalty = run.codePenalty(rows);
      await backend.reconstruct({
        ...common,
        codes: gate,
        residual: ofGate,
        gradient: { scale, penalty },
      });
      const h = await backend.readGradients(gate, rows);
      const a = await backend.readCodes(gate, rows);
      const delta = await backend.read(thresholds.values);
      const s = (await backend.read(logScale.values)).map(Math.exp);
      const z = openedBy(a, s, delta);
      backend.writeCodes(codes, z);
      const { squaredError } = await backend.reconstruct({
        ...common,
        codes,
        residual: unexplained,
        residualScale: -1,
        gradient: { scale },
      });
      const g = await backend.readGradients(codes, rows);
      gradients.threshold.fill(0);
      gradients.logScale.fill(0);
      touched = new Uint8Array(concepts);
      const both = h.map((ofPenalty, e) => {
        const j = z.concept[e];
        touched[j] = 1;
        gradients.threshold[j] += g[e];
        gradients.logScale[j] += g[e] * (z.value[e] - delta[j]);
        return s[j] * g[e] + ofPenalty;
      });
      backend.writeCodes(codes, z, both);
      lastTouched = config.lazy && step > 0 ? await backend.read(parameters.lastTouched) : null;
      return { squaredError, unexplained, terms: [{ codes, residual: unexplained, scale: -scale }] };
    },
    async learn(step, rate, factor) {
      const which = { touched: config.lazy ? touched : null, lastTouched };
      const by = { config, step, rate, factor, which };
      await adam(backend, thresholds, gradients.threshold, by);
      await adam(backend, logScale, gradients.logScale, by);
      const delta = await backend.read(thresholds.values);
      backend.write(
        thresholds.values,
        delta.map((value) => Math.max(0, value)),
      );
    },
    free() {
      backend.free(unexplained, ofGate, codes);
    },
  };
}

/** z = s·a + δ on the open gates. */
export function openedBy(gate: SparseCodes, s: Float32Array, delta: Float32Array): SparseCodes {
  const value = gate.value.map((a, e) => s[gate.concept[e]] * a + delta[gate.concept[e]]);
  return { ...gate, value };
}

interface AdamStep {
  readonly config: SaeConfig;
  /** From 0. */
  readonly step: number;
  readonly rate: number;
  readonly factor: number;
  readonly which: { readonly touched: Uint8Array | null; readonly lastTouched: Uint32Array | null };
}

/** The kernels' Adam for one number per concept. */
async function adam(
  backend: Backend,
  { values, moments }: Trained,
  gradient: Float64Array,
  { config, step, rate, factor, which }: AdamStep,
): Promise<void> {
  const { beta1, beta2 } = config;
  const value = await backend.read(values);
  const first = await backend.read(moments.first);
  const second = await backend.read(moments.second);
  const correction1 = 1 - beta1 ** (step + 1);
  const correction2 = 1 - beta2 ** (step + 1);
  for (let j = 0; j < value.length; j++) {
    if (which.touched?.[j] === 0) continue;
    const missed = which.lastTouched ? Math.max(0, step - which.lastTouched[j]) : 0;
    const g = factor * gradient[j];
    first[j] = beta1 ** (1 + missed) * first[j] + (1 - beta1) * g;
    second[j] = beta2 ** (1 + missed) * second[j] + (1 - beta2) * g * g;
    value[j] -= (rate * (first[j] / correction1)) / (Math.sqrt(second[j] / correction2) + epsilon);
  }
  backend.write(values, value);
  backend.write(moments.first, first);
  backend.write(moments.second, second);
}
