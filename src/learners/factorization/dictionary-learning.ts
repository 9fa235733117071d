/**
 * Online dictionary learning: min over D, Z of ½‖X − ZD‖² + l1·Σ|z|, atoms in the unit ball; batches
 * of rows are coded by the lasso, then every atom takes one step under the sums of all codes so far.
 *
 * Mairal, Bach, Ponce & Sapiro (2010), arXiv 0908.0050; the steps and the fading of the sums are
 * those of scikit-learn's `MiniBatchDictionaryLearning`; atoms that no code uses are replaced by rows
 * at the end of an epoch, not in every batch. Atoms have unit norm at the end. With `targetL0` the
 * penalty follows the batches' L0 and is set at the end so that held-out rows have it.
 */
import { badUsage } from "../../base/errors.ts";
import { Random } from "../../base/random.ts";
import { checkGramConcepts, leastSquaresSolver } from "../coding/least-squares.ts";
import type { Backend } from "../../kernels/backend.ts";
import { jointRows } from "../joint-rows.ts";
import type { Learner } from "../learner.ts";
import { parseOptions, positive, whole, yesOrNo } from "../option-values.ts";
import { decidingRows } from "./deciding-rows.ts";
import { finished } from "./finished.ts";
import { OnlineDictionary } from "./online-dictionary.ts";
import { factorizationConfig, factorizationOptions, trainRowsOf } from "./options.ts";
import type { FactorizationConfig } from "./options.ts";
import { stepReporter, stopIfAsked, type Observed } from "./report-step.ts";
import { activePerRow, penaltyFor, shortfallNote } from "./sparsity-target.ts";
import { trainingMatrix } from "./training-matrix.ts";
import { unitAtoms } from "./unit-atoms.ts";

export interface SparsityConfig {
  /** Weight of Σ|z| in units of the rows; null: it follows from `targetL0`. */
  readonly l1: number | null;
  /** Active concepts per sample to steer to. */
  readonly targetL0: number | null;
}

export interface DictionaryLearningConfig extends FactorizationConfig, SparsityConfig {
  /** Codes are ≥ 0. */
  readonly positive: boolean;
  readonly epochs: number;
  readonly batch: number;
}

export const sparsityOptions = { l1: positive(), targetL0: positive() } as const;

/** Exactly one of the two; without either the L0 that sparse autoencoders have by default. */
export function sparsityConfig(
  given: { readonly l1?: number | undefined; readonly targetL0?: number | undefined },
  dimension: number,
  concepts: number,
): SparsityConfig {
  if (given.l1 !== undefined && given.targetL0 !== undefined) {
    throw badUsage("l1 and targetL0 are both given; expected one of them, the other follows from it");
  }
  if (given.l1 !== undefined) return { l1: given.l1, targetL0: null };
  const usual = Math.min(concepts, Math.max(16, Math.min(32, Math.round(dimension / 32))));
  const targetL0 = given.targetL0 ?? usual;
  if (targetL0 > concepts) throw badUsage(`targetL0 is ${targetL0}; there are ${concepts} concepts`);
  return { l1: null, targetL0 };
}

export const dictionaryLearning: Learner<DictionaryLearningConfig> = {
  name: "dictionary-learning",
  summary: "online dictionary learning with lasso codes, signed or positive",
  family: "factorization",
  configure(options, set) {
    const own = { ...sparsityOptions, positive: yesOrNo(), epochs: whole(1), batch: whole(1) };
    const given = parseOptions({ ...factorizationOptions, ...own }, options, "dictionary-learning");
    const most = trainRowsOf(set, given.heldOut);
    const concepts = Math.max(1, Math.min(8 * set.dimension, Math.floor(most / 4)));
    const shared = factorizationConfig("dictionary-learning", given, { most, concepts });
    checkGramConcepts(shared.concepts);
    return {
      ...shared,
      ...sparsityConfig(given, set.dimension, shared.concepts),
      positive: given.positive ?? false,
      epochs: given.epochs ?? 5,
      batch: Math.min(given.batch ?? 512, most),
    };
  },
  async fit(data, config, context) {
    const { concepts, seed } = config;
    const matrix = await trainingMatrix(data, config);
    const { values: x, rows, dimension: d } = matrix;
    const random = Random.of(seed, "dictionary-learning");
    const chosen = random.permutation(rows).subarray(0, concepts);
    const drawn = new Float32Array(concepts * d);
    chosen.forEach((row, j) => drawn.set(x.subarray(row * d, (row + 1) * d), j * d));
    const shape = { rows, width: d, concepts };
    const initialAtoms = unitAtoms(drawn, shape, x, false).atoms;
    const deciding = await decidingRows(jointRows(data), matrix, seed);
    const found = await learnOnline({ x, rows, d }, initialAtoms, config, { ...context, random, deciding });
    return finished(matrix, {
      atoms: found.atoms,
      activation: { kind: "least-squares", positive: config.positive, l1: found.l1 },
      initialAtoms,
      steps: found.steps,
      ended: "completed",
      notes: found.notes,
    });
  },
};

export async function learnOnline(
  { x, rows, d }: { readonly x: Float32Array; readonly rows: number; readonly d: number },
  start: Float32Array,
  config: SparsityConfig & {
    readonly concepts: number;
    readonly positive: boolean;
    readonly epochs: number;
    readonly batch: number;
  },
  context: Observed & {
    readonly backend: Backend;
    /** Shuffles the rows of every epoch; null: batches in row order. */
    readonly random: Random | null;
    /** Rows that set the penalty at the end. */
    readonly deciding: { readonly values: Float32Array; readonly rows: number };
  },
): Promise<{
  readonly atoms: Float32Array<ArrayBuffer>;
  readonly l1: number;
  readonly steps: number;
  readonly notes: readonly string[];
}> {
  const { concepts: c, batch, targetL0 } = config;
  const { backend, random, deciding } = context;
  const steps = config.epochs * Math.ceil(rows / batch);
  const every = Math.max(1, Math.round(steps / 200));
  const mostRows = batch;
  const solver = leastSquaresSolver(backend, {
    concepts: c,
    width: d,
    mostRows,
    positive: config.positive,
  });
  const online = new OnlineDictionary(backend, start, c, d);
  const order = Uint32Array.from({ length: rows }, (_, i) => i);
  const block = new Float32Array(batch * d);
  let l1 = config.l1 ?? 0;
  let step = 0;
  let notes: readonly string[] = [];
  const report = stepReporter(context, steps);
  const stop = (): void => stopIfAsked(context, step, steps);
  try {
    for (let epoch = 0; epoch < config.epochs; epoch++) {
      random?.shuffle(order);
      for (let from = 0; from < rows; from += batch) {
        stop();
        const count = Math.min(batch, rows - from);
        const current = block.subarray(0, count * d);
        for (let i = 0; i < count; i++) {
          current.set(x.subarray(order[from + i] * d, (order[from + i] + 1) * d), i * d);
        }
        await solver.setAtoms(online.atoms);
        if (step === 0 && targetL0 !== null) {
          ({ l1 } = await penaltyFor(targetL0, solver, current, count, mostRows, stop));
        }
        const codes = await solver.solve(current, count, l1);
        const reached = activePerRow(codes, count);
        step++;
        if (step === 1 || step % every === 0 || step === steps) {
          const loss = batchLoss(current, codes, online.atoms, count, d) / count;
          report(step, loss, { activePerSample: reached, l1 });
        }
        online.add(current, codes, count);
        let spares = 0;
        const epochEnds = from + batch >= rows;
        await online.descend(epochEnds ? () => directionOf(current, spares++ % count, d) : undefined);
        if (targetL0 !== null) l1 *= Math.exp(0.2 * Math.max(-1, Math.min(1, reached / targetL0 - 1)));
      }
    }
    const shape = { rows, width: d, concepts: c };
    const { atoms } = unitAtoms(online.atoms, shape, x, false);
    if (targetL0 !== null) {
      await solver.setAtoms(atoms);
      const found = await penaltyFor(targetL0, solver, deciding.values, deciding.rows, mostRows, stop);
      ({ l1 } = found);
      notes = shortfallNote(targetL0, found);
    }
    return { atoms, l1, steps, notes };
  } finally {
    online.free();
    solver.free();
  }
}

/** Row i as a unit vector. */
function directionOf(x: Float32Array, i: number, d: number): Float32Array {
  const row = x.slice(i * d, (i + 1) * d);
  let square = 0;
  for (const value of row) square += value * value;
  const norm = Math.sqrt(square) || 1;
  return row.map((value) => value / norm);
}

/** Σ‖x − zᵀD‖² */
function batchLoss(
  x: Float32Array,
  codes: Float32Array,
  atoms: Float32Array,
  rows: number,
  d: number,
): number {
  const c = codes.length / rows;
  let sum = 0;
  const left = new Float64Array(d);
  for (let i = 0; i < rows; i++) {
    for (let t = 0; t < d; t++) left[t] = x[i * d + t];
    for (let j = 0; j < c; j++) {
      const z = codes[i * c + j];
      if (z === 0) continue;
      for (let t = 0; t < d; t++) left[t] -= z * atoms[j * d + t];
    }
    for (let t = 0; t < d; t++) sum += left[t] * left[t];
  }
  return sum;
}
