/**
 * Random directions of unit norm as the dictionary, a floor: atoms drawn uniformly from the sphere
 * by the seed. Codes of centred rows, x̂ = zᵀD + μ:
 * c ≤ d: z = (DDᵀ)⁻¹D·(x − μ), signed: x̂ − μ is the projection onto the span of the atoms, the best
 * that linear codes can give;
 * c > d: the k largest positive inner products z = D·(x − μ), as a sparse autoencoder before training
 * with encoder and decoder tied has them.
 */
import type { Learner } from "../learner.ts";
import { badUsage } from "../../base/errors.ts";
import { Random } from "../../base/random.ts";
import { parseOptions, whole } from "../option-values.ts";
import { leastSquaresEncoder } from "./least-squares-encoder.ts";
import { fixedDirections } from "./fixed-directions.ts";
import { factorizationConfig, factorizationOptions } from "./options.ts";
import type { FactorizationConfig } from "./options.ts";

export interface RandomConfig extends FactorizationConfig {
  /** Active concepts per row; null where c ≤ d. */
  readonly k: number | null;
}

export const random: Learner<RandomConfig> = {
  name: "random",
  summary: "random unit directions, a floor; least-squares codes, or the k largest where c > d",
  family: "factorization",
  activity: (concepts, dimension) => ((concepts ?? dimension) <= dimension ? "all" : "some"),
  configure(options, set) {
    const given = parseOptions({ ...factorizationOptions, k: whole(1) }, options, "random");
    const config = factorizationConfig("random", given, { most: Infinity, concepts: set.dimension });
    const { concepts } = config;
    if (concepts <= set.dimension) {
      if (given.k === undefined) return { ...config, k: null };
      throw badUsage(
        `k is ${given.k}; random takes it only with more concepts than dimensions (${concepts} of ${set.dimension} use least-squares codes), leave it out`,
      );
    }
    const k = given.k ?? Math.min(32, set.dimension);
    if (k > concepts) throw badUsage(`k is ${k} of ${concepts} concepts; expected at most as many`);
    return { ...config, k };
  },
  fit(data, config, context) {
    const { dimension: d } = data;
    const { concepts, k, seed } = config;
    const atoms = new Float32Array(concepts * d);
    const stream = Random.of(seed, "random directions");
    for (let j = 0; j < concepts; j++) {
      const row = Float64Array.from({ length: d }, () => stream.normal());
      const norm = Math.sqrt(row.reduce((sum, value) => sum + value * value, 0));
      for (let t = 0; t < d; t++) atoms[j * d + t] = row[t] / norm;
    }
    return fixedDirections(data, config, context, {
      atoms,
      ...(k === null
        ? { encoder: leastSquaresEncoder(atoms, concepts, d), activation: { kind: "linear" } }
        : { encoder: atoms, activation: { kind: "topk", k } }),
    });
  },
};
