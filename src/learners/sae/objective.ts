/**
 * The loss of one training step without the auxiliary loss: from selected codes to what the
 * optimiser needs. Most methods reconstruct once; `gated` and `matryoshka` bring their own.
 */
import type { Backend, CodesTensor, Floats, GradientTerm } from "../../kernels/backend.ts";
import type { SaeConfig } from "./config.ts";
import type { MethodRun } from "./method.ts";
import type { Parameters } from "./parameters.ts";

export interface Losses {
  /** Σ‖x̂ − x‖² over the batch, x̂ the reconstruction by the whole dictionary. */
  readonly squaredError: number;
  /** b x d: x − x̂, for the auxiliary loss. */
  readonly unexplained: Floats;
  /** The first one's residual is also the decoder bias's gradient. */
  readonly terms: readonly GradientTerm[];
}

export interface Objective {
  /** `codes` holds what the method's selection kept of the batch `x`; `step` counts from 0. */
  losses(x: Floats, codes: CodesTensor, step: number): Promise<Losses>;
  /** True where the first term does not hold all active codes: the stepper counts activity itself. */
  readonly splitsCodes: boolean;
  /** After the update: parameters that only this objective knows. `factor` is what clipping left of gradients. */
  learn?(step: number, rate: number, factor: number): Promise<void>;
  free(): void;
}

/** (1/b)·Σ‖x̂ − x‖² + the method's penalty on active codes. */
export function oneReconstruction(
  backend: Backend,
  config: SaeConfig,
  parameters: Parameters,
  run: MethodRun,
): Objective {
  const rows = config.batch;
  const { dimension } = parameters;
  const scale = 2 / rows;
  const unexplained = backend.floats(rows * dimension);
  return {
    splitsCodes: false,
    async losses(x, codes) {
      const { squaredError } = await backend.reconstruct({
        codes,
        rows,
        dimension,
        atoms: parameters.atoms.values,
        decoderBias: parameters.decoderBias.values,
        target: x,
        residual: unexplained,
        residualScale: -1,
        gradient: { scale, penalty: run.codePenalty(rows) },
      });
      // The residual is stored as x − x̂ for the auxiliary loss, hence the sign.
      return { squaredError, unexplained, terms: [{ codes, residual: unexplained, scale: -scale }] };
    },
    free() {
      backend.free(unexplained);
    },
  };
}
