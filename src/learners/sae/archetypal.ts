/**
 * Relaxed archetypal SAE (RA-SAE): BatchTopK whose atoms are relaxed mixtures of data points
 * (archetypes.ts). The gradient of an atom goes on to the weights of its mixture and to its relaxation:
 * with g_j the gradient's part across D_j, ∂L/∂a_j = g_j/‖a_j‖, ∂L/∂W_js = ⟨∂L/∂a_j, C_S(j,s)⟩,
 * ∂L/∂Λ_j = ∂L/∂a_j; Adam on both, then W ← max(W, 0)/Σ, Λ_j ← Λ_j·min(1, δ/‖Λ_j‖).
 *
 * Fel et al., arXiv 2502.12892. Differs: candidates are rows of the data rather than centroids; an
 * atom mixes the candidates nearest to its start rather than any (`support` lifts that); atoms are of
 * unit norm, where the paper has one learned factor for all.
 */
import type { Backend } from "../../kernels/backend.ts";
import {
  asCodes,
  normaliseRows,
  projectRelaxation,
  projectWeights,
  type Archetypes,
  type TrainedArray,
} from "./archetypes.ts";
import { batchTopK } from "./batch-topk.ts";
import type { SaeConfig } from "./config.ts";
import type { MethodRun, SaeMethod } from "./method.ts";
import { oneReconstruction, type Objective } from "./objective.ts";
import type { Parameters } from "./parameters.ts";

export const archetypal: SaeMethod = {
  ...batchTopK,
  learner: "archetypal",
  summary: "batch-topk with atoms that are mixtures of data points, relaxed by a little: stable across seeds",
  mixesArchetypes: true,
  begin(config, parameters, cut) {
    const inner = batchTopK.begin(config, parameters, cut);
    return { ...inner, objective: (backend) => mixing(backend, config, parameters, inner) };
  },
};

function held({ archetypes }: Parameters): Archetypes {
  if (!archetypes) throw new Error("archetypal was started without archetypes");
  return archetypes;
}

/** One reconstruction; what the update learned for the atoms is then learned by their mixtures instead. */
function mixing(backend: Backend, config: SaeConfig, parameters: Parameters, run: MethodRun): Objective {
  const plain = oneReconstruction(backend, config, parameters, run);
  const archetypes = held(parameters);
  const { concepts: c, dimension: d, candidates: p, support: s, weights, relaxation } = archetypes;
  const delta = config.archetypes?.relaxation ?? 0;
  const points = backend.floats(p * d);
  /** c x d, never written to. */
  const zeros = backend.floats(c * d);
  const mixed = backend.floats(c * d);
  const codes = backend.codes(c, p, c * s);
  const cleared = new Float32Array(c * d);
  const places = { ...asCodes(archetypes), value: new Float32Array(c * s) };
  const { first } = parameters.atoms.moments;
  backend.write(points, archetypes.points);
  const common = { codes, rows: c, dimension: d, atoms: points, residual: mixed };

  /** The atoms as their mixtures are, c x d, and ‖a_j‖. */
  const compose = async (): Promise<{ atoms: Float32Array; norms: Float64Array }> => {
    backend.writeCodes(codes, { ...places, value: weights.values });
    await backend.reconstruct({ ...common, target: zeros });
    const atoms = await backend.read(mixed);
    if (delta > 0) for (let t = 0; t < atoms.length; t++) atoms[t] += relaxation.values[t];
    return { atoms, norms: normaliseRows(atoms, d) };
  };
  /** ⟨first_j, C_i⟩ for every candidate i that concept j may mix, c x s: codes of zero leave −first. */
  const alongCandidates = async (): Promise<Float32Array> => {
    backend.writeCodes(codes, places);
    await backend.reconstruct({ ...common, target: first, gradient: { scale: -1 } });
    return backend.readGradients(codes, c);
  };
  let norms: Float64Array | undefined;

  return {
    ...plain,
    async losses(x, batchCodes, step) {
      // The kernel's update then leaves (1 − β₁)·gradient here, across the atom and clipped.
      backend.write(first, cleared);
      return plain.losses(x, batchCodes, step);
    },
    async learn(step, rate) {
      norms ??= (await compose()).norms;
      const factors = norms.map((norm) => 1 / ((1 - config.beta1) * norm));
      const before = weights.values.slice();
      adam(weights, await alongCandidates(), factors, config, step + 1, rate);
      projectWeights(archetypes, before);
      if (delta > 0) {
        adam(relaxation, await backend.read(first), factors, config, step + 1, rate);
        projectRelaxation(archetypes, delta);
      }
      const composed = await compose();
      ({ norms } = composed);
      backend.write(parameters.atoms.values, composed.atoms);
    },
    free() {
      plain.free();
      backend.free(points, zeros, mixed, codes);
    },
  };
}

/** One Adam step (arXiv 1412.6980), `step` from 1; row j of the gradient is factors_j times what is given. */
function adam(
  { values, first, second }: TrainedArray,
  given: Float32Array,
  factors: Float64Array,
  { beta1, beta2 }: SaeConfig,
  step: number,
  rate: number,
): void {
  const scale = rate / (1 - beta1 ** step);
  const correction = 1 / Math.sqrt(1 - beta2 ** step);
  const width = values.length / factors.length;
  for (let j = 0; j < factors.length; j++) {
    const factor = factors[j];
    for (let t = j * width; t < (j + 1) * width; t++) {
      const g = factor * given[t];
      const m = beta1 * first[t] + (1 - beta1) * g;
      const v = beta2 * second[t] + (1 - beta2) * g * g;
      first[t] = m;
      second[t] = v;
      values[t] -= (scale * m) / (Math.sqrt(v) * correction + 1e-8);
    }
  }
}
