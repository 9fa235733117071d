/**
 * BatchTopK: p = E·x + b_enc, z = p on the b·k largest positive p of the whole batch, x̂ = zᵀD + b_dec;
 * L = (1/b)·Σ‖x̂ − x‖² (+ the auxiliary loss on dead concepts).
 *
 * Bussmann, Leask & Nanda, arXiv 2412.06410. Differs: k is per sample on average (fractions
 * allowed), and the inference threshold is not a mean of batch minima but the exact value that
 * gives k active concepts per held-out row (training row, where fewer than 256 are held out); it is stored with the dictionary, which is then a
 * JumpReLU dictionary with one threshold for all concepts.
 */
import type { SaeMethod } from "./method.ts";
import { RunningThreshold } from "./running-threshold.ts";

export const batchTopK: SaeMethod = {
  learner: "batch-topk",
  summary: "the b·k largest activations of each batch; one threshold at inference",
  wholeK: false,
  usesTargetL0: false,
  usesL1: false,
  start: { bias: 0, threshold: 0 },
  begin({ k, concepts }) {
    const running = new RunningThreshold();
    return {
      select: (rows) => ({ kind: "batch-topk", total: Math.round(k * rows) }),
      codePenalty: () => 0,
      learnThresholds: () => null,
      countsActive: false,
      observe: ({ smallest }) => running.observe(smallest),
      evaluate: () => ({ kind: "common-threshold", threshold: running.value }),
      values: () => ({ threshold: running.value }),
      state: () => running.state(),
      restore: (state) => running.restore(state),
      activation: () => ({ kind: "jumprelu", thresholds: new Float32Array(concepts).fill(running.value) }),
      calibration: { by: "factor", activePerSample: k },
    };
  },
};
