/** Makes a learner out of a method and the common training loop. */
import type { Learner } from "../learner.ts";
import { resolveConfig } from "./config.ts";
import type { SaeConfig } from "./config.ts";
import type { SaeMethod } from "./method.ts";
import { trainModalitySpecific } from "./modality-specific.ts";
import { train } from "./train.ts";

export function saeLearner(method: SaeMethod): Learner<SaeConfig> {
  return {
    name: method.learner,
    summary: method.summary,
    family: "sae",
    configure: (options, set) => resolveConfig(options, set, method),
    fit: (data, config, context) =>
      config.design === "modality-specific"
        ? trainModalitySpecific(method, data, config, context)
        : train(method, data, config, context),
  };
}
