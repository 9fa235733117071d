/**
 * Autoencoders whose encoder is a greedy pursuit on their own dictionary. With y = x − b_dec, r_0 = y
 * and unit atoms, step t takes j = argmax_j ⟨r_{t−1}, D_j⟩ while that is positive; k steps at most.
 *   matching-pursuit: z_j grows by ⟨r_{t−1}, D_j⟩, r_t = r_{t−1} − ⟨r_{t−1}, D_j⟩·D_j; an atom picked
 *     again adds up.
 *   orthogonal-matching-pursuit: z = argmin ‖y − zᵀD‖² over z ≥ 0 on all atoms picked so far, r_t = y − zᵀD.
 * x̂ = zᵀD + b_dec, L = (1/b)·Σ‖x̂ − x‖² (+ the auxiliary loss).
 *
 * MP-SAE: Costa et al., arXiv 2506.03093; OMP: Pati, Rezaiifar & Krishnaprasad (1993), non-negative:
 * Bruckstein, Elad & Zibulevsky (2008). The gradient of matching-pursuit goes back through all steps;
 * that of orthogonal-matching-pursuit needs no more than the residual, since at a least-squares
 * solution the error does not change with the codes. Differs from overcomplete: least squares are
 * solved exactly rather than by ten steps of projected gradient, pursuits stop when no correlation
 * is positive, and dead concepts go on where a row's pursuit ended, to explain what it left: k plain
 * steps among them alone, whose codes the gradient takes as given.
 */
import type { Picks } from "../../kernels/backend.ts";
import type { SaeMethod } from "./method.ts";
import { pursuitObjective } from "./pursuit-objective.ts";

function pursuitMethod(learner: string, summary: string, orthogonal: boolean): SaeMethod {
  return {
    learner,
    summary,
    wholeK: true,
    usesTargetL0: false,
    usesL1: false,
    tied: true,
    start: { bias: 0, threshold: 0 },
    begin(config, parameters) {
      const { k } = config;
      let smallestKept = 0;
      let picks: Picks | undefined;
      const selection = { kind: "pursuit", k, orthogonal } as const;
      return {
        select: () => (picks ? { ...selection, picks } : selection),
        codePenalty: () => 0,
        learnThresholds: () => null,
        countsActive: false,
        observe: ({ smallest }) => {
          smallestKept = smallest;
        },
        evaluate: () => selection,
        values: () => ({ threshold: smallestKept }),
        state: () => [smallestKept],
        restore: ([smallest]) => {
          smallestKept = smallest;
        },
        activation: () => selection,
        calibration: { by: "none", activePerSample: k },
        objective: (backend) => {
          if (!orthogonal) {
            const steps = config.batch * k;
            picks = { concept: backend.integers(steps), value: backend.floats(steps) };
          }
          return pursuitObjective(backend, config, parameters, picks);
        },
      };
    },
  };
}

export const matchingPursuit: SaeMethod = pursuitMethod(
  "matching-pursuit",
  "k greedy steps, each taking the atom that fits best what is left of the row",
  false,
);

export const orthogonalMatchingPursuit: SaeMethod = pursuitMethod(
  "orthogonal-matching-pursuit",
  "k greedy steps, all codes solved anew after each by non-negative least squares",
  true,
);
