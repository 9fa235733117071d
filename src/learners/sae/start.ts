/** Where a run begins: freshly initialised, or from a checkpoint. */
import { Random } from "../../base/random.ts";
import type { Backend } from "../../kernels/backend.ts";
import type { JointRows } from "../joint-rows.ts";
import type { Checkpoint } from "../learner.ts";
import { startArchetypes } from "./archetypes.ts";
import { restoreCheckpoint } from "./checkpoint.ts";
import type { RunState } from "./checkpoint.ts";
import type { SaeConfig } from "./config.ts";
import { freshNumbers } from "./history.ts";
import { initialAtoms, measureStart, startSampleRows } from "./initialisation.ts";
import type { MethodRun, SaeMethod } from "./method.ts";
import { allocateParameters, freeParameters } from "./parameters.ts";
import type { Parameters } from "./parameters.ts";
import { freshPlateau } from "./plateau.ts";
import { measurePreparation, prepareRows } from "../preparation.ts";
import type { Preparation } from "../preparation.ts";

export interface StartedRun {
  readonly parameters: Parameters;
  readonly preparation: Preparation;
  readonly initialAtoms: Float32Array;
  readonly run: MethodRun;
  readonly state: RunState;
}

export async function startRun(
  backend: Backend,
  source: JointRows,
  train: Uint32Array,
  config: SaeConfig,
  method: SaeMethod,
  resume: Checkpoint | undefined,
): Promise<StartedRun> {
  const { concepts, archetypes } = config;
  const candidates = Math.min(archetypes?.candidates ?? 0, train.length);
  const parameters = allocateParameters(backend, concepts, source.columns, {
    ...(method.tied && { tied: true }),
    ...(method.scalesMagnitudes && { logScale: true }),
    ...(archetypes && {
      archetypes: { candidates, support: Math.min(archetypes.support, candidates) },
    }),
  });
  try {
    if (resume) {
      const restored = restoreCheckpoint(backend, parameters, config, source.rows, resume);
      const run = method.begin(config, parameters, restored.state.cut);
      run.restore(restored.state.method);
      return { parameters, run, ...restored };
    }
    return await startFresh(backend, parameters, source, train, config, method);
  } catch (error) {
    freeParameters(backend, parameters);
    throw error;
  }
}

async function startFresh(
  backend: Backend,
  parameters: Parameters,
  source: JointRows,
  train: Uint32Array,
  config: SaeConfig,
  method: SaeMethod,
): Promise<StartedRun> {
  const preparation = await measurePreparation(source, train, config.center, config.scale);
  const { archetypes } = parameters;
  const atoms = archetypes
    ? await startArchetypes(backend, archetypes, source, train, preparation, config.seed)
    : await initialAtoms(source, train, preparation, config);
  const picked = Random.of(config.seed, "start sample")
    .permutation(train.length)
    .subarray(0, startSampleRows)
    .sort();
  const rows = picked.map((position) => train[position]);
  const sample = new Float32Array(rows.length * source.columns);
  await source.gather(rows, sample);
  prepareRows(preparation, source, rows, sample);
  const { encoderScale, cut } = await measureStart(backend, atoms, sample, config, method.start.bias);
  backend.write(parameters.atoms.values, atoms);
  if (!parameters.tied) {
    const encoder = atoms.map((value) => value * encoderScale);
    backend.write(parameters.encoder.values, encoder);
  }
  backend.write(
    parameters.encoderBias.values,
    new Float32Array(config.concepts).fill(method.start.bias * cut),
  );
  backend.write(
    parameters.thresholds.values,
    new Float32Array(config.concepts).fill(method.start.threshold * cut),
  );
  const run = method.begin(config, parameters, cut);
  const state: RunState = {
    config,
    rows: source.rows,
    step: 0,
    cut,
    scale: preparation.scale,
    variance: preparation.variance,
    method: run.state(),
    tracked: freshNumbers(),
    plateau: freshPlateau,
  };
  return { parameters, preparation, initialAtoms: atoms, run, state };
}
