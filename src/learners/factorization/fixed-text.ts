/**
 * SpLiCE: a given vocabulary's embeddings are the atoms, and rows are explained by few of them:
 *   z = argmin ½‖x − μ − zᵀD‖² + l1·Σz_j, z ≥ 0.
 *
 * Bhalla et al. (2024), arXiv 2402.10376. As there, images and texts are centred by their own means
 * (`center` per-modality) and the vocabulary, first made unit, by its own; atoms are unit again. Rows
 * keep their length, where SpLiCE makes centred rows unit. Nothing is learned but the means and, with
 * `targetL0`, the penalty, by the rows that are held out.
 */
import { badInput, badUsage } from "../../base/errors.ts";
import { checkGramConcepts, leastSquaresSolver } from "../coding/least-squares.ts";
import { jointRows } from "../joint-rows.ts";
import type { Learner } from "../learner.ts";
import { parseOptions, text, whole } from "../option-values.ts";
import { measurePreparation } from "../preparation.ts";
import { splitRows } from "../split.ts";
import { decidingRows } from "./deciding-rows.ts";
import { sparsityConfig, sparsityOptions, type SparsityConfig } from "./dictionary-learning.ts";
import { finished } from "./finished.ts";
import { factorizationConfig, factorizationOptions, type FactorizationConfig } from "./options.ts";
import { stopIfAsked } from "./report-step.ts";
import { mostTried, penaltyFor, shortfallNote } from "./sparsity-target.ts";

export interface FixedTextConfig extends Omit<FactorizationConfig, "concepts">, SparsityConfig {
  /** How many of the vocabulary's first entries are used; null: all. */
  readonly concepts: number | null;
  /** What `FitContext.vocabulary` is asked for. */
  readonly vocabulary: string;
}

const blockRows = 256;

export const fixedText: Learner<FixedTextConfig> = {
  name: "fixed-text",
  summary: "a given vocabulary's embeddings as atoms, sparse non-negative codes (SpLiCE)",
  family: "factorization",
  configure(options, set) {
    const own = { ...sparsityOptions, concepts: whole(1), vocabulary: text() };
    const given = parseOptions({ ...factorizationOptions, ...own }, options, "fixed-text");
    if (given.vocabulary === undefined) {
      throw badUsage(
        "fixed-text has no vocabulary; give one with --vocabulary <embedding set, .npy or .safetensors of texts by the same model>",
      );
    }
    const most = Number.MAX_SAFE_INTEGER;
    const { concepts: _concepts, ...shared } = factorizationConfig("fixed-text", given, {
      most,
      center: "per-modality",
    });
    return {
      ...shared,
      concepts: given.concepts ?? null,
      ...sparsityConfig(given, set.dimension, given.concepts ?? most),
      vocabulary: given.vocabulary,
    };
  },
  async fit(data, config, context) {
    const { backend, log, progress } = context;
    const d = data.dimension;
    if (context.vocabulary === undefined) {
      throw badUsage("fixed-text was given no way to read vocabularies; expected FitContext.vocabulary");
    }
    const { vectors, names } = await context.vocabulary(config.vocabulary);
    const available = vectors.length / d;
    if (!Number.isInteger(available)) {
      throw badInput(`the vocabulary's ${vectors.length} numbers are no rows of ${d} dimensions`);
    }
    const concepts = config.concepts ?? available;
    if (concepts > available || concepts < 1) {
      throw badInput(`the vocabulary has ${available} entries; expected at least ${Math.max(1, concepts)}`);
    }
    checkGramConcepts(concepts);
    const atoms = vocabularyAtoms(vectors, concepts, d, config.center !== "none");
    const source = jointRows(data);
    const split = splitRows(source.rows, config.heldOut, config.seed);
    const total = split.train.length;
    if (total < 1) throw badUsage(`${source.rows} rows leave none to measure means on`);
    const preparation = await measurePreparation(source, split.train, config.center, false, (done) => {
      stopIfAsked(context, 0, 1);
      progress({ stage: "read", done, total, unit: "rows" });
    });
    const from = { dimension: d, split, preparation };
    const notes = names === null ? ["the vocabulary has no names; concepts go by their numbers"] : [];
    let { l1 } = config;
    if (l1 !== null) log({ step: 1, l1 });
    else {
      const target = config.targetL0!;
      const sample = await decidingRows(source, from, config.seed);
      const solver = leastSquaresSolver(backend, { concepts, width: d, mostRows: blockRows, positive: true });
      const observe = (done: number): void => {
        stopIfAsked(context, 0, 1);
        progress({ stage: "search the penalty", done, total: mostTried, unit: "penalties" });
      };
      try {
        await solver.setAtoms(atoms);
        const found = await penaltyFor(target, solver, sample.values, sample.rows, blockRows, observe);
        ({ l1 } = found);
        log({ step: 1, l1, activePerSample: found.activePerSample });
        notes.push(...shortfallNote(target, found));
      } finally {
        solver.free();
      }
    }
    return finished(from, {
      atoms,
      activation: { kind: "least-squares", positive: true, l1 },
      steps: 1,
      ended: "completed",
      notes,
      ...(names !== null && { conceptNames: names.slice(0, concepts) }),
    });
  },
};

/** Unit rows, less their mean where centred, unit again: c x d. */
export function vocabularyAtoms(vectors: Float32Array, c: number, d: number, centred: boolean): Float32Array {
  const atoms = vectors.slice(0, c * d);
  makeUnit(atoms, d);
  if (!centred) return atoms;
  const mean = new Float64Array(d);
  for (let e = 0; e < atoms.length; e++) mean[e % d] += atoms[e] / c;
  for (let e = 0; e < atoms.length; e++) atoms[e] -= mean[e % d];
  makeUnit(atoms, d);
  return atoms;
}

function makeUnit(rows: Float32Array, d: number): void {
  for (let at = 0; at < rows.length; at += d) {
    let square = 0;
    for (let t = at; t < at + d; t++) square += rows[t] * rows[t];
    const norm = Math.sqrt(square);
    if (!(norm > 1e-6) || !Number.isFinite(norm)) {
      throw badInput(
        `vocabulary entry ${at / d} has norm ${norm} after centring; expected finite rows that differ, at least two of them`,
      );
    }
    for (let t = at; t < at + d; t++) rows[t] /= norm;
  }
}
