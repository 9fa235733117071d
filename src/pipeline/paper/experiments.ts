/** Every experiment by its name, in the order of the report. */
import { badUsage } from "../../base/errors.ts";
import { bridgesExperiment } from "./bridges.ts";
import { energyExperiment } from "./energy.ts";
import type { Experiment } from "./experiment.ts";
import { gapExperiment } from "./gap.ts";
import { geometryExperiment } from "./geometry.ts";
import { modalityExperiment } from "./modality.ts";
import { pareto } from "./pareto.ts";
import { stabilityMixtures, stabilitySeeds } from "./stability.ts";

export const experiments: readonly Experiment[] = [
  pareto,
  energyExperiment,
  stabilitySeeds,
  stabilityMixtures,
  modalityExperiment,
  geometryExperiment,
  bridgesExperiment,
  gapExperiment,
];

export function experimentNamed(name: string): Experiment {
  const found = experiments.find((experiment) => experiment.name === name);
  if (found) return found;
  throw badUsage(
    `there is no experiment "${name}"; expected one of ${experiments.map((one) => one.name).join(", ")}`,
  );
}
