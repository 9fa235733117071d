/**
 * TopK: p = E·x + b_enc, z = p on the k largest positive p of every row, x̂ = zᵀD + b_dec;
 * L = (1/b)·Σ‖x̂ − x‖² (+ the auxiliary loss on dead concepts).
 *
 * Gao et al., arXiv 2406.04093. Differs: the auxiliary loss is not normalised by its own target's
 * variance (under Adam its scale hardly matters), and rows are centred by their mean beforehand
 * instead of by the decoder bias.
 */
import type { SaeMethod } from "./method.ts";

export const topK: SaeMethod = {
  learner: "topk",
  summary: "the k largest activations of each row",
  wholeK: true,
  usesTargetL0: false,
  usesL1: false,
  start: { bias: 0, threshold: 0 },
  begin({ k }) {
    let smallestKept = 0;
    return {
      select: () => ({ kind: "topk", k }),
      codePenalty: () => 0,
      learnThresholds: () => null,
      countsActive: false,
      observe: ({ smallest }) => {
        smallestKept = smallest;
      },
      evaluate: () => ({ kind: "topk", k }),
      values: () => ({ threshold: smallestKept }),
      state: () => [smallestKept],
      restore: ([smallest]) => {
        smallestKept = smallest;
      },
      activation: () => ({ kind: "topk", k }),
      calibration: { by: "none", activePerSample: k },
    };
  },
};
