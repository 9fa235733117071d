/**
 * Revival of dead concepts: each starts again at a training row that is rebuilt badly. Of four rows
 * a dead concept, drawn by seed and step, the worst quarter is taken, one row for each concept:
 * the atom becomes the direction of what the row lacks, the encoder that atom at the mean length of
 * the living encoders, bias, threshold and scale become their means, and the optimiser forgets the concept.
 *
 * After Bricken et al., "Towards Monosemanticity" (2023), appendix on neuron resampling. Differs:
 * the worst rows of a draw instead of a draw weighted by squared loss, what is left of a row instead
 * of the row, and encoders of mean length instead of a fifth of it, since codes above a threshold
 * have to get there first.
 */
import { Random } from "../../base/random.ts";
import type { Backend } from "../../kernels/backend.ts";
import type { JointRows } from "../joint-rows.ts";
import { prepareRows } from "../preparation.ts";
import type { Preparation } from "../preparation.ts";
import type { SaeConfig } from "./config.ts";
import { normaliseOrDraw } from "./initialisation.ts";
import type { MethodRun } from "./method.ts";
import type { Parameters, Trained } from "./parameters.ts";
import { tieEncoderBias } from "./pursuit-objective.ts";
import { createRebuilder } from "./rebuild.ts";

const drawnPerConcept = 4;
const blockRows = 1024;

export interface Reviver {
  /** After `step` steps; gives how many concepts start again. */
  revive(step: number): Promise<number>;
  free(): void;
}

export function createReviver(
  backend: Backend,
  config: SaeConfig,
  source: JointRows,
  train: Uint32Array,
  preparation: Preparation,
  parameters: Parameters,
  run: MethodRun,
): Reviver {
  const { dimension: d } = parameters;
  const block = Math.min(blockRows, train.length);
  const rebuilder = createRebuilder(backend, block, parameters, run);

  /** What the given rows lack, block after block; the last argument is overwritten by the next one. */
  const eachResidual = async (
    rows: Uint32Array,
    take: (first: number, residual: Float32Array) => void,
  ): Promise<void> => {
    const data = new Float32Array(block * d);
    for (let from = 0; from < rows.length; from += block) {
      const chosen = rows.subarray(from, Math.min(rows.length, from + block));
      const current = data.subarray(0, chosen.length * d);
      await source.gather(chosen, current);
      prepareRows(preparation, source, chosen, current);
      await rebuilder.rebuild(current, chosen.length);
      take(from, await backend.read(rebuilder.unexplained, 0, current.length));
    }
  };

  return {
    async revive(step) {
      const since = await backend.read(parameters.rowsSinceActive);
      const isDead = since.map((rows) => (rows > config.deadAfter ? 1 : 0));
      const dead = [...isDead.keys()].filter((j) => isDead[j] === 1);
      if (dead.length === 0) return 0;
      await rebuilder.refresh();
      const random = Random.of(config.seed, `revival at step ${step}`);
      const drawn = random
        .permutation(train.length)
        .subarray(0, drawnPerConcept * dead.length)
        .map((position) => train[position]);
      const errors = new Float64Array(drawn.length);
      await eachResidual(drawn, (first, residual) => {
        for (let i = 0; i < residual.length; i++) errors[first + Math.floor(i / d)] += residual[i] ** 2;
      });
      const wanted = Math.min(dead.length, Math.ceil(drawn.length / drawnPerConcept));
      const worst = [...errors.keys()].sort((a, b) => errors[b] - errors[a] || a - b).slice(0, wanted);
      const atoms = new Float32Array(wanted * d);
      await eachResidual(
        Uint32Array.from(worst, (i) => drawn[i]),
        (first, residual) => {
          atoms.set(residual, first * d);
        },
      );
      for (let i = 0; i < wanted; i++) normaliseOrDraw(atoms.subarray(i * d, (i + 1) * d), random);
      await place(backend, parameters, dead.slice(0, wanted), isDead, atoms, step);
      return wanted;
    },
    free() {
      rebuilder.free();
    },
  };
}

/** Writes the new concepts into the parameters. `atoms` holds a unit row for each of `concepts`. */
async function place(
  backend: Backend,
  parameters: Parameters,
  concepts: readonly number[],
  isDead: Uint32Array,
  atoms: Float32Array,
  step: number,
): Promise<void> {
  const { dimension: d } = parameters;
  const encoder = await backend.read(parameters.encoder.values);
  const length = meanOfLiving(isDead, (j) => Math.hypot(...encoder.subarray(j * d, (j + 1) * d)), 1);
  const encoders = atoms.map((value) => value * length);
  const set = async ({ values, moments }: Trained, rows: Float32Array): Promise<void> => {
    const width = rows.length / concepts.length;
    const zeros = new Float32Array(width);
    concepts.forEach((j, i) => {
      backend.write(values, rows.subarray(i * width, (i + 1) * width), j * width);
      for (const moment of [moments.first, moments.second]) backend.write(moment, zeros, j * width);
    });
  };
  await set(parameters.atoms, atoms);
  if (parameters.tied) await tieEncoderBias(backend, parameters);
  else await set(parameters.encoder, encoders);
  const { encoderBias, thresholds, logScale, tied } = parameters;
  for (const trained of [tied ? undefined : encoderBias, thresholds, logScale]) {
    if (!trained) continue;
    const current = await backend.read(trained.values);
    const mean = meanOfLiving(isDead, (j) => current[j], 0);
    await set(trained, new Float32Array(concepts.length).fill(mean));
  }
  for (const j of concepts) {
    backend.write(parameters.lastTouched, Uint32Array.of(step), j);
    backend.write(parameters.rowsSinceActive, Uint32Array.of(0), j);
  }
}

function meanOfLiving(isDead: Uint32Array, valueOf: (concept: number) => number, ifNone: number): number {
  let sum = 0;
  let living = 0;
  for (let j = 0; j < isDead.length; j++) {
    if (isDead[j] === 1) continue;
    sum += valueOf(j);
    living++;
  }
  return living === 0 ? ifNone : sum / living;
}
