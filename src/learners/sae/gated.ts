/**
 * Gated: a = ReLU(E·x + b_gate) opens the gate, and the codes are z = exp(r)·a + δ where a > 0,
 * x̂ = zᵀD + b_dec; the loss is in gated-objective.ts. The
 * penalty on a decides which concepts are active and, unlike relu's, shrinks no code.
 *
 * Rajamanoharan et al., arXiv 2404.16014. Differs: with b_mag = exp(r)·b_gate + δ this is the paper's
 * magnitude path ReLU(exp(r)·E·x + b_mag) on open gates, but δ ≥ 0 is learned in place of b_mag; λ is
 * steered by feedback to a target L0, and a last common shift of the gates reaches it on the held-out
 * rows; gates start closed and dead concepts are revived from rows, as relu's are.
 *
 * a > 0 is exp(r)·E·x + b_mag > δ, so a finished dictionary is a jumprelu one with encoder
 * exp(r)·E, bias b_mag and thresholds δ.
 */
import { badUsage } from "../../base/errors.ts";
import type { Floats } from "../../kernels/backend.ts";
import type { Backend } from "../../kernels/backend.ts";
import { gatedObjective, openedBy } from "./gated-objective.ts";
import type { MethodRun, SaeMethod } from "./method.ts";
import { SparsityControl } from "./sparsity-control.ts";

export const gated: SaeMethod = {
  learner: "gated",
  summary: "a penalised gate selects, a magnitude of its own is not shrunk; reaches a target L0",
  wholeK: false,
  usesTargetL0: true,
  usesL1: true,
  revivesByRows: true,
  scalesMagnitudes: true,
  start: { bias: -1, threshold: 0 },
  begin(config, parameters, cut) {
    const { l1 } = config;
    const { logScale } = parameters;
    if (!logScale) throw badUsage("gated needs parameters with scales of magnitudes");
    const target = config.targetL0 ?? config.k;
    const control = new SparsityControl(target, Math.max(cut, Number.MIN_VALUE));
    const penalty = (): number => l1 ?? control.penalty;
    const scales = async (backend: Backend, of: Floats): Promise<Float32Array> =>
      (await backend.read(of)).map(Math.exp);
    let smallestKept = 0;
    const run: MethodRun = {
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
      activation: (thresholds) => ({ kind: "jumprelu", thresholds }),
      calibration: { by: l1 === null ? "gate" : "none", activePerSample: target },
      objective: (backend) => gatedObjective(backend, config, { ...parameters, logScale }, run),
      magnitudes: async (backend) => {
        const s = await scales(backend, logScale.values);
        const delta = await backend.read(parameters.thresholds.values);
        return (gate) => openedBy(gate, s, delta);
      },
      asJumpReLU: async (trained, backend) => {
        const s = await scales(backend, logScale.values);
        const delta = await backend.read(parameters.thresholds.values);
        const { dimension } = parameters;
        const encoder = trained.encoder.map((value, t) => s[Math.floor(t / dimension)] * value);
        const encoderBias = trained.encoderBias.map((bias, j) => s[j] * bias + delta[j]);
        return { weights: { ...trained, encoder, encoderBias }, scales: s };
      },
    };
    return run;
  },
};
