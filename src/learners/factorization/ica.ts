/**
 * Independent component analysis: centred rows as mixtures of c sources as far from Gaussian as can
 * be, x − μ ≈ Σ s_j·m_j, s = U·(x − μ) of unit variance. The dictionary is the mixing, not the
 * unmixing: atoms are the mixing vectors' directions m_j/‖m_j‖, codes z_j = ‖m_j‖·s_j, signed and
 * dense, x̂ = zᵀD + μ: the projection of x onto the c leading principal components.
 *
 * Hyvärinen and Oja (2000); the same components as scikit-learn's `FastICA` with its defaults.
 */
import { ViaductError } from "../../base/errors.ts";
import { Random } from "../../base/random.ts";
import { fold } from "../fold.ts";
import type { Learner } from "../learner.ts";
import { between, parseOptions, whole } from "../option-values.ts";
import { fastIca } from "./fast-ica.ts";
import { factorizationConfig, factorizationOptions, trainRowsOf } from "./options.ts";
import type { FactorizationConfig } from "./options.ts";
import { trainingMatrix } from "./training-matrix.ts";

export interface IcaConfig extends FactorizationConfig {
  readonly iterations: number;
  readonly tolerance: number;
}

export const ica: Learner<IcaConfig> = {
  name: "ica",
  summary:
    "independent components (FastICA): the mixing directions of sources far from Gaussian, signed codes",
  family: "factorization",
  activity: () => "all",
  configure(options, set) {
    const schema = { ...factorizationOptions, iterations: whole(1), tolerance: between(0, 1) };
    const given = parseOptions(schema, options, "ica");
    const most = Math.min(set.dimension, trainRowsOf(set, given.heldOut));
    return {
      ...factorizationConfig("ica", given, { most, concepts: Math.min(most, 128) }),
      iterations: given.iterations ?? 200,
      tolerance: given.tolerance ?? 1e-4,
    };
  },
  async fit(data, config, { backend, log, progress, signal }) {
    const { concepts, iterations, tolerance, seed } = config;
    const {
      values: x,
      rows,
      dimension,
      split,
      preparation,
    } = await trainingMatrix(data, {
      ...config,
      scale: false,
    });
    const random = Random.of(seed, "ica");
    const found = await fastIca(backend, {
      x,
      rows,
      dimension,
      concepts,
      start: Float64Array.from({ length: concepts * concepts }, () => random.normal()),
      iterations,
      tolerance,
      observe: (step, turned) => {
        if (signal?.aborted === true) {
          throw new ViaductError("cancelled", `training stopped at step ${step} of at most ${iterations}`);
        }
        log({ step, loss: turned });
        progress({ stage: "train", done: step, total: iterations, unit: "steps", values: { loss: turned } });
      },
    });
    const { steps, ended, rank } = found;
    const lengths = lengthsOf(found.mixing, dimension);
    const weights = {
      encoder: found.unmixing.map((value, e) => value * lengths[Math.floor(e / dimension)]),
      encoderBias: new Float32Array(concepts),
      atoms: directionsOf(found.mixing, dimension),
      decoderBias: new Float32Array(dimension),
    };
    const { centring, mean, scale } = preparation;
    const notes: string[] = [];
    if (ended === "completed") {
      notes.push(
        `ica had not converged after ${steps} iterations; raise iterations or ask for fewer concepts`,
      );
    }
    if (rank < concepts) {
      notes.push(
        `the ${rows} training rows span ${rank} dimensions; expected at least the ${concepts} concepts asked for, the others are noise`,
      );
    }
    return {
      dictionary: fold(weights, { kind: "linear" }, preparation),
      initialAtoms: directionsOf(found.initialMixing, dimension),
      split,
      preparation: { centring, mean, scale },
      steps,
      ended,
      notes,
    };
  },
};

function lengthsOf(rows: Float32Array, d: number): Float64Array {
  return Float64Array.from({ length: rows.length / d }, (_, j) => {
    let square = 0;
    for (let e = j * d; e < (j + 1) * d; e++) square += rows[e] * rows[e];
    return Math.sqrt(square);
  });
}

function directionsOf(rows: Float32Array, d: number): Float32Array {
  const lengths = lengthsOf(rows, d);
  return rows.map((value, e) => value / lengths[Math.floor(e / d)]);
}
