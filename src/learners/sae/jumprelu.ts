/**
 * JumpReLU: p = E·x + b_enc, z_j = p_j where p_j > θ_j ≥ 0, x̂ = zᵀD + b_dec;
 * L = (1/b)·Σ (‖x̂ − x‖² + λ‖z‖₀) (+ the auxiliary loss on dead concepts), with the
 * straight-through estimators of the rectangle kernel K of width ε:
 * ∂z_j/∂θ_j = −(θ_j/ε)·K((p_j − θ_j)/ε), ∂‖z‖₀/∂θ_j = −(1/ε)·K((p_j − θ_j)/ε).
 *
 * Rajamanoharan et al., arXiv 2407.14435. Differs: λ is steered by feedback so that the mean L0 of
 * the batches reaches a target, as their section on matching L0 suggests doing by hand; a last
 * common factor on all θ brings it to the target on the held-out rows; θ starts at the BatchTopK
 * threshold of the initial dictionary, and is learned as it is instead of by its logarithm.
 */
import type { SaeMethod } from "./method.ts";
import { SparsityControl } from "./sparsity-control.ts";

export const jumpReLU: SaeMethod = {
  learner: "jumprelu",
  summary: "one learned threshold per concept; reaches a target L0",
  wholeK: false,
  usesTargetL0: true,
  usesL1: false,
  start: { bias: 0, threshold: 1 },
  begin({ k, targetL0, bandwidth }, parameters, cut) {
    const target = targetL0 ?? k;
    // An activation of size θ is worth about θ² of squared error, so this penalty is in balance.
    const control = new SparsityControl(target, cut * cut);
    const thresholds = parameters.thresholds.values;
    let smallestKept = cut;
    return {
      select: () => ({ kind: "threshold", thresholds, window: bandwidth }),
      codePenalty: () => 0,
      learnThresholds: (rows) => ({ bandwidth, penalty: control.penalty / rows }),
      countsActive: true,
      observe: ({ activePerSample, smallest }) => {
        smallestKept = smallest;
        control.observe(activePerSample);
      },
      evaluate: () => ({ kind: "threshold", thresholds }),
      values: () => ({ threshold: smallestKept, penalty: control.penalty }),
      state: () => [smallestKept, ...control.state()],
      restore: ([smallest, ...rest]) => {
        smallestKept = smallest;
        control.restore(rest);
      },
      activation: (trained) => ({ kind: "jumprelu", thresholds: trained }),
      calibration: { by: "factor", activePerSample: target },
    };
  },
};
