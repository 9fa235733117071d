/**
 * One training step: encode with selection, reconstruct, let dead concepts reconstruct the
 * residual, update. One dense product; everything else touches active concepts only.
 */
import type { Backend, Encode } from "../../kernels/backend.ts";
import type { SaeConfig } from "./config.ts";
import type { MethodRun } from "./method.ts";
import { oneReconstruction } from "./objective.ts";
import type { Parameters } from "./parameters.ts";

export interface StepResult {
  /** (1/b)·Σ‖x̂ − x‖², without penalties, before the update. */
  readonly loss: number;
  /** (1/b)·Σ‖ê − (x − x̂)‖² of the dead concepts' reconstruction ê; NaN when none was dead. */
  readonly auxiliaryLoss: number;
  readonly activePerSample: number;
  readonly smallest: number;
  /** Concepts not active in the last `deadAfter` rows before this step. */
  readonly dead: number;
  /** NaN unless gradients are clipped. */
  readonly gradientNorm: number;
}

export interface Stepper {
  /** `batch` is b x d prepared rows; `step` counts from 0. */
  step(batch: Float32Array, step: number, rate: number): Promise<StepResult>;
  free(): void;
}

export function createStepper(
  backend: Backend,
  config: SaeConfig,
  parameters: Parameters,
  run: MethodRun,
): Stepper {
  const { batch: rows, concepts } = config;
  const { dimension } = parameters;
  const x = backend.floats(rows * dimension);
  const objective = run.objective?.(backend) ?? oneReconstruction(backend, config, parameters, run);
  const auxiliaryResidual = backend.floats(rows * dimension);
  const codes = backend.codes(rows, concepts, Math.ceil(rows * config.k * 1.5));
  const auxiliaryCodes = backend.codes(rows, concepts);
  const listed = backend.integers(concepts);
  const dead = new Uint32Array(concepts);
  const scale = 2 / rows;
  const auxiliaryScale = config.auxiliary * scale;

  const listDead = async (): Promise<number> => {
    const since = await backend.read(parameters.rowsSinceActive);
    let count = 0;
    for (let j = 0; j < concepts; j++) if (since[j] > config.deadAfter) dead[count++] = j;
    if (count > 0) backend.write(listed, dead.subarray(0, count));
    return count;
  };

  const countActivity = async (): Promise<void> => {
    const { concept } = await backend.readCodes(codes, rows);
    const since = (await backend.read(parameters.rowsSinceActive)).map((seen) => seen + rows);
    for (const j of concept) since[j] = 0;
    backend.write(parameters.rowsSinceActive, since);
  };

  return {
    async step(batch, step, rate) {
      backend.write(x, batch);
      const deadCount = await listDead();
      const withAuxiliary = config.auxiliary > 0 && deadCount > 0;
      const encode: Encode = {
        x,
        rows,
        dimension,
        encoder: parameters.encoder.values,
        encoderBias: parameters.encoderBias.values,
        concepts,
        selection: run.select(rows),
        codes,
        ...(withAuxiliary && {
          auxiliary: { listed, count: deadCount, k: config.auxiliaryK, codes: auxiliaryCodes },
        }),
      };
      const encoded = await backend.encode(encode);
      const losses = await objective.losses(x, codes, step);
      const { squaredError, unexplained } = losses;
      const terms = [...losses.terms];
      let auxiliaryLoss = NaN;
      if (withAuxiliary) {
        const auxiliary = await backend.reconstruct({
          codes: auxiliaryCodes,
          rows,
          dimension,
          atoms: parameters.atoms.values,
          target: unexplained,
          residual: auxiliaryResidual,
          gradient: { scale: auxiliaryScale },
        });
        auxiliaryLoss = auxiliary.squaredError / rows;
        terms.push({ codes: auxiliaryCodes, residual: auxiliaryResidual, scale: auxiliaryScale });
      }
      const active = run.countsActive ? (await backend.readCodes(codes, rows)).value.length : encoded.count;
      const learned = run.learnThresholds(rows);
      const { gradientNorm } = await backend.update({
        x,
        rows,
        dimension,
        concepts,
        terms,
        adam: {
          rate,
          beta1: config.beta1,
          beta2: config.beta2,
          epsilon: 1e-8,
          step: step + 1,
        },
        ...(!parameters.tied && { encoder: parameters.encoder, encoderBias: parameters.encoderBias }),
        atoms: parameters.atoms,
        decoderBias: parameters.decoderBias,
        ...(learned && {
          thresholds: { ...parameters.thresholds, ...learned, rate },
        }),
        ...(config.lazy && { lazy: { lastTouched: parameters.lastTouched } }),
        ...(config.clip !== null && { clipNorm: config.clip }),
        ...(!objective.splitsCodes && { rowsSinceActive: parameters.rowsSinceActive }),
      });
      const clipped = config.clip !== null && gradientNorm > config.clip;
      await objective.learn?.(step, rate, clipped ? config.clip / gradientNorm : 1);
      if (objective.splitsCodes) await countActivity();
      const activePerSample = active / rows;
      run.observe({ activePerSample, smallest: encoded.smallest });
      return {
        loss: squaredError / rows,
        auxiliaryLoss,
        activePerSample,
        smallest: encoded.smallest,
        dead: deadCount,
        gradientNorm,
      };
    },
    free() {
      objective.free();
      backend.free(x, auxiliaryResidual, codes, auxiliaryCodes, listed);
    },
  };
}
