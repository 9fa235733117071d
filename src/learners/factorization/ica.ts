/**
 * Independent component analysis: centred rows as mixtures of c sources as far from Gaussian as can
 * be, x − μ ≈ Σ s_j·m_j, s = U·(x − μ) of unit variance. The dictionary is the mixing, not the
 * unmixing: atoms are the mixing vectors' directions m_j/‖m_j‖, codes z_j = ‖m_j‖·s_j, signed and
 * dense, x̂ = zᵀD + μ: the projection of x onto the c leading principal components.
 *
 * Hyvärinen and Oja (2000); the same components as scikit-learn's `FastICA` with its defaults.
 */
import { badInput } from "../../base/errors.ts";
import { Random } from "../../base/random.ts";
import { hasVariance } from "../../base/variance.ts";
import type { Learner } from "../learner.ts";
import { between, parseOptions, whole } from "../option-values.ts";
import { fastIca } from "./fast-ica.ts";
import { finished } from "./finished.ts";
import { factorizationConfig, factorizationOptions, trainRowsOf } from "./options.ts";
import type { FactorizationConfig } from "./options.ts";
import { stepReporter } from "./report-step.ts";
import { trainingMatrix, type TrainingMatrix } from "./training-matrix.ts";

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
  async fit(data, config, context) {
    const { concepts, iterations, tolerance, seed } = config;
    const matrix = await trainingMatrix(data, config);
    const { values: x, rows, dimension } = matrix;
    checkVaries(matrix);
    const random = Random.of(seed, "ica");
    const found = await fastIca(context.backend, {
      x,
      rows,
      dimension,
      concepts,
      start: Float64Array.from({ length: concepts * concepts }, () => random.normal()),
      iterations,
      tolerance,
      observe: stepReporter(context, iterations),
    });
    const { steps, ended, rank } = found;
    const lengths = lengthsOf(found.mixing, dimension);
    const notes: string[] = [];
    if (ended === "completed") {
      notes.push(
        `ica had not converged after ${steps} iterations; raise iterations or ask for fewer concepts`,
      );
    }
    if (rank < concepts) {
      notes.push(
        `the ${rows} training rows span ${rank} dimensions as far as float32 products tell; expected at least the ${concepts} concepts asked for, the others are noise`,
      );
    }
    return finished(matrix, {
      atoms: directionsOf(found.mixing, dimension),
      encoder: found.unmixing.map((value, e) => value * lengths[Math.floor(e / dimension)]),
      activation: { kind: "linear" },
      initialAtoms: directionsOf(found.initialMixing, dimension),
      steps,
      ended,
      notes,
    });
  },
};

/** Rows that are equal leave nothing to unmix but rounding. */
function checkVaries({ values, rows, dimension, preparation: { mean } }: TrainingMatrix): void {
  const squaresOf = (numbers: Float32Array): number => {
    let sum = 0;
    for (let e = 0; e < numbers.length; e++) sum += numbers[e] * numbers[e];
    return sum;
  };
  const spread = squaresOf(values);
  const means = Math.max(squaresOf(mean.image), squaresOf(mean.text));
  if (hasVariance(spread, spread + rows * means)) return;
  throw badInput(
    `the ${rows} training rows of ${dimension} numbers are all the same after centring; ica expects rows that differ`,
  );
}

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
