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
  const target = backend.floats(c * d);
  const mixed = backend.floats(c * d);
  const codes = backend.codes(c, p, c * s);
  const cleared = new Float32Array(c * d);
  backend.write(points, archetypes.points);
  const common = { codes, rows: c, dimension: d, atoms: points, target, residual: mixed };

  /** a = W·C + Λ, c x d. */
  const compose = async (): Promise<Float32Array> => {
    backend.writeCodes(codes, asCodes(archetypes));
    // The residual is W·C − target.
    backend.write(target, delta > 0 ? relaxation.values.map((value) => -value) : cleared);
    await backend.reconstruct(common);
    return backend.read(mixed);
  };
  /** ⟨slope_j, C_i⟩ for every candidate i that concept j may mix, c x s. */
  const weightSlopes = async (slope: Float32Array): Promise<Float32Array> => {
    const places = asCodes(archetypes);
    backend.writeCodes(codes, { ...places, value: new Float32Array(c * s) });
    backend.write(
      target,
      slope.map((value) => -value),
    );
    await backend.reconstruct({ ...common, gradient: { scale: 1 } });
    return backend.readGradients(codes, c);
  };
  let norms: Float64Array | undefined;

  return {
    ...plain,
    async losses(x, batchCodes, step) {
      // The kernel's update then leaves (1 − β₁)·gradient here, across the atom and clipped.
      backend.write(parameters.atoms.moments.first, cleared);
      return plain.losses(x, batchCodes, step);
    },
    async learn(step, rate) {
      norms ??= normaliseRows(await compose(), d);
      const slope = await backend.read(parameters.atoms.moments.first);
      for (let j = 0; j < c; j++) {
        const factor = 1 / ((1 - config.beta1) * norms[j]);
        for (let t = j * d; t < (j + 1) * d; t++) slope[t] *= factor;
      }
      const before = weights.values.slice();
      adam(weights, await weightSlopes(slope), config, step + 1, rate);
      projectWeights(archetypes, before);
      if (delta > 0) {
        adam(relaxation, slope, config, step + 1, rate);
        projectRelaxation(archetypes, delta);
      }
      const atoms = await compose();
      norms = normaliseRows(atoms, d);
      backend.write(parameters.atoms.values, atoms);
    },
    free() {
      plain.free();
      backend.free(points, target, mixed, codes);
    },
  };
}

/** One Adam step (arXiv 1412.6980), `step` from 1. */
function adam(
  { values, first, second }: TrainedArray,
  gradient: Float32Array,
  { beta1, beta2 }: SaeConfig,
  step: number,
  rate: number,
): void {
  const scale = rate / (1 - beta1 ** step);
  const correction = 1 / Math.sqrt(1 - beta2 ** step);
  for (let t = 0; t < values.length; t++) {
    const g = gradient[t];
    const m = beta1 * first[t] + (1 - beta1) * g;
    const v = beta2 * second[t] + (1 - beta2) * g * g;
    first[t] = m;
    second[t] = v;
    values[t] -= (scale * m) / (Math.sqrt(v) * correction + 1e-8);
  }
}
