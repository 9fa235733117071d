/**
 * The axes of the embedding space as the dictionary, a floor: D = (e_1 … e_c), z = x − μ on these
 * axes, signed, x̂ = zᵀD + μ. Nothing is learned but the mean; with c = d the rebuilt rows are exact.
 */
import type { Learner } from "../learner.ts";
import { parseOptions } from "../option-values.ts";
import { fixedDirections } from "./fixed-directions.ts";
import { factorizationConfig, factorizationOptions } from "./options.ts";
import type { FactorizationConfig } from "./options.ts";

export const identity: Learner<FactorizationConfig> = {
  name: "identity",
  summary: "the axes of the space themselves, a floor; signed codes",
  family: "factorization",
  activity: () => "all",
  configure(options, set) {
    const given = parseOptions(factorizationOptions, options, "identity");
    return factorizationConfig("identity", given, { most: set.dimension });
  },
  fit(data, config, context) {
    const axes = new Float32Array(config.concepts * data.dimension);
    for (let j = 0; j < config.concepts; j++) axes[j * data.dimension + j] = 1;
    return fixedDirections(data, config, context, {
      atoms: axes,
      encoder: axes,
      activation: { kind: "linear" },
    });
  },
};
