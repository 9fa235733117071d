/**
 * The training loop of every sparse autoencoder: split, prepare, initialise, then steps with
 * evaluation, history and checkpoints in between, and at last folding and calibration.
 */
import { badInput, ViaductError } from "../../base/errors.ts";
import { Random } from "../../base/random.ts";
import type { EmbeddingRows } from "../../base/rows.ts";
import { jointRows } from "../joint-rows.ts";
import type { JointRows } from "../joint-rows.ts";
import type { FitContext, Fitted, RowSplit } from "../learner.ts";
import { learningRate } from "../learning-rate.ts";
import { batchReader } from "./batches.ts";
import type { BatchReader } from "./batches.ts";
import { takeCheckpoint } from "./checkpoint.ts";
import type { SaeConfig } from "./config.ts";
import { createEvaluator } from "./evaluate.ts";
import type { Evaluator } from "./evaluate.ts";
import { finish } from "./finish.ts";
import { freshNumbers, historyRow, track } from "./history.ts";
import type { SaeMethod } from "./method.ts";
import { freeParameters } from "./parameters.ts";
import { pairedBatchReader, pairsPerBatch } from "./paired-batches.ts";
import type { Preparation } from "../preparation.ts";
import { trainingPairs } from "../training-pairs.ts";
import { observePlateau, reachedPlateau } from "./plateau.ts";
import { splitRows } from "../split.ts";
import { createReviver } from "./revive.ts";
import type { Reviver } from "./revive.ts";
import { startRun } from "./start.ts";
import type { StartedRun } from "./start.ts";
import { createStepper } from "./step.ts";
import type { Stepper } from "./step.ts";

/** Rows of history that a run of default `logEvery` leaves. */
const historyRows = 200;
const mostEvaluatedRows = 8192;
const trainSampleRows = 2048;

export async function train(
  method: SaeMethod,
  data: EmbeddingRows,
  config: SaeConfig,
  context: FitContext,
): Promise<Fitted> {
  const { backend } = context;
  const source = jointRows(data);
  const split = splitRows(source.rows, config.heldOut, config.seed);
  const started = await startRun(backend, source, split.train, config, method, context.resume);
  const { parameters, preparation, run } = started;
  const stepper = createStepper(backend, config, parameters, run);
  let evaluator: Evaluator | undefined;
  let reviver: Reviver | undefined;
  try {
    evaluator = await createEvaluator(
      backend,
      source,
      evaluatedRows(split, config.seed),
      preparation,
      parameters,
      run,
    );
    const batches = batchesOf(config, data, source, split, preparation);
    if (config.reviveEvery > 0) {
      reviver = createReviver(backend, config, source, split.train, preparation, parameters, run);
    }
    const loop: Loop = { config, context, split, started, batches, evaluator, stepper, reviver };
    const { steps, ended } = await runSteps(loop);
    const finished = await finish(context, source, split, started).catch((error: unknown) => {
      throw context.signal?.aborted ? cancelled(steps, steps, "calibration") : error;
    });
    const { centring, mean, scale } = preparation;
    return {
      ...finished,
      initialAtoms: started.initialAtoms,
      split,
      preparation: { centring, mean, scale },
      steps,
      ended,
    };
  } finally {
    reviver?.free();
    evaluator?.free();
    stepper.free();
    freeParameters(backend, parameters);
  }
}

/** Ordinary rows, with paired ones at the end of every batch where the method asks for them. */
function batchesOf(
  { batch, seed, epochMixture: mixture, pairing }: SaeConfig,
  data: EmbeddingRows,
  source: JointRows,
  split: RowSplit,
  preparation: Preparation,
): BatchReader {
  const perBatch = pairing ? pairsPerBatch(batch, pairing.share) : 0;
  const common = { source, preparation, seed };
  const ordinary = batchReader({ ...common, train: split.train, batch: batch - 2 * perBatch, mixture });
  if (!pairing) return ordinary;
  const pairs = trainingPairs(data, split);
  return pairedBatchReader({ ...common, ordinary, pairs, batch, pairsPerBatch: perBatch });
}

interface Loop {
  readonly config: SaeConfig;
  readonly context: FitContext;
  readonly split: RowSplit;
  readonly started: StartedRun;
  readonly batches: BatchReader;
  readonly evaluator: Evaluator;
  readonly stepper: Stepper;
  readonly reviver: Reviver | undefined;
}

/** Held-out rows, or a sample of the training rows where none are held out. */
function evaluatedRows({ heldOut, train }: RowSplit, seed: number): Uint32Array {
  const [rows, most] = heldOut.length > 0 ? [heldOut, mostEvaluatedRows] : [train, trainSampleRows];
  if (rows.length <= most) return rows;
  const order = Random.of(seed, "evaluated rows").permutation(rows.length).subarray(0, most).sort();
  return order.map((position) => rows[position]);
}

export function totalSteps({ epochs, batch }: SaeConfig, trainRows: number): number {
  return Math.max(1, Math.floor((epochs * trainRows) / batch));
}

async function runSteps(loop: Loop): Promise<{ steps: number; ended: string }> {
  const { config, context, split, started, batches, evaluator } = loop;
  const { run, preparation } = started;
  const trainRows = split.train.length;
  const steps = totalSteps(config, trainRows);
  const logEvery = config.logEvery || Math.max(1, Math.round(steps / historyRows));
  const evaluateEvery = config.evaluations === 0 ? Infinity : Math.ceil(steps / config.evaluations);
  const schedule = { highest: config.lr, steps, warmup: config.warmup, final: config.finalRate };
  const variance = preparation.variance * preparation.scale ** 2;
  let tracked = { ...started.state.tracked };
  let { plateau } = started.state;
  let batch = new Float32Array(config.batch * started.parameters.dimension);
  let following = new Float32Array(batch.length);
  let { step } = started.state;
  let r2 = plateau.best;
  let next = step < steps ? batches.fill(step, following) : Promise.resolve();
  // Awaited below; until then a failed read must not count as unhandled.
  next.catch(() => {});

  const save = async (): Promise<void> => {
    if (!context.checkpoint) return;
    const state = { ...started.state, step, method: [...run.state()], tracked: { ...tracked }, plateau };
    const { parameters, initialAtoms } = started;
    await context.checkpoint(
      await takeCheckpoint(context.backend, parameters, preparation, initialAtoms, state),
    );
  };

  while (step < steps && !reachedPlateau(plateau, config.patience)) {
    if (context.signal?.aborted) {
      await save();
      throw cancelled(step, steps);
    }
    await next;
    [batch, following] = [following, batch];
    if (step + 1 < steps) {
      next = batches.fill(step + 1, following);
      next.catch(() => {});
    }
    const rate = learningRate(schedule, step);
    const result = await loop.stepper.step(batch, step, rate);
    if (!Number.isFinite(result.loss)) throw diverged(step + 1);
    track(tracked, result);
    step++;
    if (loop.reviver && step < steps && beginsPeriod(config, trainRows, step)) {
      await loop.reviver.revive(step);
    }
    const scheduled = step % evaluateEvery === 0 || step === steps;
    const evaluating = config.evaluations > 0 && (scheduled || step === logEvery);
    if (evaluating || step % logEvery === 0) {
      const evaluation = evaluating ? await evaluator.evaluate() : { r2: NaN, activePerSample: NaN };
      const held = split.heldOut.length > 0;
      const row = historyRow(tracked, {
        step,
        batch: config.batch,
        trainRows,
        rate,
        deadFraction: result.dead / config.concepts,
        variance,
        clipped: config.clip !== null,
        values: run.values(),
        r2: evaluation.r2,
        heldOutR2: held ? evaluation.r2 : NaN,
        heldOutActivePerSample: held ? evaluation.activePerSample : NaN,
      });
      tracked = freshNumbers();
      const measured = !Number.isNaN(evaluation.r2);
      if (measured) r2 = evaluation.r2;
      if (scheduled && measured) plateau = observePlateau(plateau, evaluation.r2, config.plateau);
      context.log(row);
    }
    context.progress({
      stage: "train",
      done: step,
      total: steps,
      unit: "steps",
      values: {
        ...(r2 !== null && { r2 }),
        activePerSample: result.activePerSample,
        deadFraction: result.dead / config.concepts,
      },
    });
    const due =
      config.checkpointEvery > 0 ? step % config.checkpointEvery === 0 : context.checkpointDue?.() === true;
    if (due && step < steps) await save();
  }
  // What follows may be stopped too, or fail: the steps are not to be done twice.
  await save();
  if (context.signal?.aborted) throw cancelled(step, steps);
  return { steps: step, ended: step < steps ? "plateau" : "completed" };
}

/** Whether step number `step` (from 1) is the first to pass another `reviveEvery` epochs. */
function beginsPeriod({ reviveEvery, batch }: SaeConfig, trainRows: number, step: number): boolean {
  const period = reviveEvery * trainRows;
  return Math.floor((step * batch) / period) > Math.floor(((step - 1) * batch) / period);
}

function cancelled(step: number, steps: number, during = ""): ViaductError {
  const part = during === "" ? "" : `, during ${during}`;
  return new ViaductError("cancelled", `training stopped at step ${step} of ${steps}${part}`);
}

function diverged(step: number): ViaductError {
  return badInput(`training diverged at step ${step}; lower --lr or set --clip`);
}
