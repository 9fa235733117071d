/** The loss of a pursuit and its gradient: through the steps, where `picks` recorded them. */
import type { Backend, Picks } from "../../kernels/backend.ts";
import { tiedEncoderBias } from "../fold.ts";
import type { SaeConfig } from "./config.ts";
import type { Objective } from "./objective.ts";
import type { Parameters } from "./parameters.ts";

export function pursuitObjective(
  backend: Backend,
  config: SaeConfig,
  parameters: Parameters,
  picks: Picks | undefined,
): Objective {
  const { batch: rows, k } = config;
  const { dimension } = parameters;
  const scale = 2 / rows;
  const unexplained = backend.floats(rows * dimension);
  const ofSteps = picks && {
    residual: backend.floats(rows * dimension),
    entryGradients: backend.floats(rows * k * dimension),
  };
  return {
    splitsCodes: false,
    async losses(x, codes) {
      const common = { codes, rows, dimension, atoms: parameters.atoms.values };
      const { squaredError } = await backend.reconstruct({
        ...common,
        decoderBias: parameters.decoderBias.values,
        target: x,
        residual: unexplained,
        residualScale: -1,
      });
      if (!picks || !ofSteps) {
        return { squaredError, unexplained, terms: [{ codes, residual: unexplained, scale: -scale }] };
      }
      backend.write(ofSteps.residual, await backend.read(unexplained));
      await backend.unroll({ ...common, picks, k, ...ofSteps });
      return { squaredError, unexplained, terms: [{ codes, ...ofSteps, scale: -scale }] };
    },
    async learn() {
      await tieEncoderBias(backend, parameters);
    },
    free() {
      backend.free(unexplained);
      if (ofSteps) backend.free(ofSteps.residual, ofSteps.entryGradients);
      if (picks) backend.free(picks.concept, picks.value);
    },
  };
}

/** Takes the decoder bias off the rows before they are correlated with the atoms. */
export async function tieEncoderBias(backend: Backend, parameters: Parameters): Promise<void> {
  const { atoms, decoderBias, encoderBias } = parameters;
  const bias = await backend.read(decoderBias.values);
  backend.write(encoderBias.values, tiedEncoderBias(await backend.read(atoms.values), bias));
}
