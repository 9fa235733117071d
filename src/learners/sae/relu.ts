/**
 * ReLU with an L1 penalty: p = E·x + b_enc, z = p where p > 0, x̂ = zᵀD + b_dec;
 * L = (1/b)·Σ (‖x̂ − x‖² + λ‖z‖₁).
 *
 * Bricken et al., "Towards Monosemanticity" (2023); Huben et al., arXiv 2309.08600. Differs: atoms
 * have unit norm, so the penalty cannot be dodged by long atoms; unless λ is given as `l1`, it is
 * steered by feedback to a target L0, and a last common shift of the encoder biases reaches that
 * target on the held-out rows; biases start below zero, so that the first codes are sparse; dead
 * concepts, which have no positive p and so no part in an auxiliary loss, are revived from rows.
 */
import type { SaeMethod } from "./method.ts";
import { SparsityControl } from "./sparsity-control.ts";

export const relu: SaeMethod = {
  learner: "relu",
  summary: "ReLU codes with an L1 penalty, given or steered to a target L0",
  wholeK: false,
  usesTargetL0: true,
  usesL1: true,
  revivesByRows: true,
  start: { bias: -1, threshold: 0 },
  begin({ k, targetL0, l1 }, _parameters, cut) {
    const target = targetL0 ?? k;
    const control = new SparsityControl(target, Math.max(cut, Number.MIN_VALUE));
    const penalty = (): number => l1 ?? control.penalty;
    let smallestKept = 0;
    return {
      select: () => ({ kind: "positive" }),
      codePenalty: (rows) => penalty() / rows,
      learnThresholds: () => null,
      countsActive: false,
      observe: ({ activePerSample, smallest }) => {
        smallestKept = smallest;
        if (l1 === null) control.observe(activePerSample);
      },
      evaluate: () => ({ kind: "positive" }),
      values: () => ({ threshold: smallestKept, penalty: penalty() }),
      state: () => [smallestKept, ...control.state()],
      restore: ([smallest, ...rest]) => {
        smallestKept = smallest;
        control.restore(rest);
      },
      activation: () => ({ kind: "relu" }),
      calibration: { by: l1 === null ? "shift" : "none", activePerSample: target },
    };
  },
};
