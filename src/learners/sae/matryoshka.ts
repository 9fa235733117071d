/**
 * Matryoshka: batch-topk codes, and every prefix of the dictionary has to reconstruct on its own:
 * L = (1/b)·Σ_m ‖x̂_m − x‖² over prefix widths m, the last one c (+ the auxiliary loss on dead
 * concepts, on what the whole dictionary leaves). Early concepts become general, late ones special.
 *
 * Bussmann, Nabeshima, Karvonen & Nanda, arXiv 2503.17547. Differs: k is per sample on average, the
 * threshold is batch-topk's, set after training; widths are fixed shares of c, or sampled for each
 * step with log-uniform chance.
 */
import { batchTopK } from "./batch-topk.ts";
import type { SaeMethod } from "./method.ts";
import { nestedObjective } from "./nested-objective.ts";

export const matryoshka: SaeMethod = {
  ...batchTopK,
  learner: "matryoshka",
  summary: "batch-topk whose prefixes each reconstruct: general concepts first",
  usesPrefixes: true,
  begin(config, parameters, cut) {
    return {
      ...batchTopK.begin(config, parameters, cut),
      objective: (backend) => nestedObjective(backend, config, parameters),
    };
  },
};
