/**
 * Convex NMF: X ≈ Z·W·X_m with Z, W ≥ 0: atoms D = W·X_m are non-negative combinations of rows.
 *
 * Ding, Li & Jordan (2010), doi:10.1109/TPAMI.2008.277. The paper combines all n rows, which takes
 * an n x n matrix; here X_m are m `candidates`: all training rows where there are no more than 4096,
 * else as many drawn by the seed. Solvers: `cd` takes one atom at a time to its best combination by
 * coordinate descent; `multiplicative` is the paper's, with S = ZᵀZ, P = ZᵀX·X_mᵀ, K = X_m·X_mᵀ:
 *   W ← W ∘ √((P⁺ + S·W·K⁻) / (P⁻ + S·W·K⁺)).
 * Codes of new rows are non-negative least squares under the stored atoms.
 */
import { badUsage } from "../../base/errors.ts";
import { Random } from "../../base/random.ts";
import type { Backend } from "../../kernels/backend.ts";
import { mostGramConcepts } from "../coding/least-squares.ts";
import type { Learner } from "../learner.ts";
import { parseOptions, whole } from "../option-values.ts";
import { alternate } from "./alternate.ts";
import { RowCombinations } from "./row-combinations.ts";
import { Factors, type FactorShape } from "./factors.ts";
import { finished } from "./finished.ts";
import { scaleCodesOfSigned } from "./multiplicative.ts";
import {
  alternatingConfig,
  alternatingOptions,
  checkFactors,
  randomStart,
  usualConcepts,
} from "./non-negative.ts";
import type { AlternatingConfig, Factorised } from "./non-negative.ts";
import { factorizationConfig, trainRowsOf } from "./options.ts";
import type { FactorizationConfig } from "./options.ts";
import type { Observed } from "./report-step.ts";
import { trainingMatrix } from "./training-matrix.ts";
import { deadNote, unitAtoms } from "./unit-atoms.ts";

export interface ConvexNmfConfig extends FactorizationConfig, AlternatingConfig {
  /** m: rows that atoms are combined of. */
  readonly candidates: number;
}

const mostCandidates = 4096;

export const convexNmf: Learner<ConvexNmfConfig> = {
  name: "convex-nmf",
  summary: "non-negative codes, atoms that are non-negative combinations of rows",
  family: "factorization",
  configure(options, set) {
    const given = parseOptions({ ...alternatingOptions, candidates: whole(1) }, options, "convex-nmf");
    const rows = trainRowsOf(set, given.heldOut);
    const candidates = given.candidates ?? Math.min(rows, mostCandidates);
    if (candidates > rows) throw badUsage(`candidates is ${candidates}; there are ${rows} training rows`);
    if (candidates > mostGramConcepts) {
      throw badUsage(
        `candidates is ${candidates}; all their products are held at once: expected at most ${mostGramConcepts}`,
      );
    }
    const concepts = usualConcepts(candidates, set.dimension);
    const shared = factorizationConfig("convex-nmf", given, { most: candidates, concepts });
    checkFactors(set, shared);
    return {
      ...shared,
      ...alternatingConfig(given, 100),
      candidates,
    };
  },
  async fit(data, config, context) {
    const { concepts, candidates, seed } = config;
    const matrix = await trainingMatrix(data, config);
    const { values: x, rows, dimension } = matrix;
    const shape = { rows, width: dimension, concepts };
    const random = Random.of(seed, "convex-nmf");
    const drawn = random.permutation(rows);
    const chosen = drawn.slice(0, candidates).sort();
    const points = new Float32Array(candidates * dimension);
    chosen.forEach((row, i) => points.set(x.subarray(row * dimension, (row + 1) * dimension), i * dimension));
    const { codes } = randomStart(shape, x, random);
    // Every atom begins near a row of its own; no weight is 0, or the paper's updates could not move it.
    const weights = new Float32Array(concepts * candidates).fill(0.1 / candidates);
    random
      .permutation(candidates)
      .subarray(0, concepts)
      .forEach((row, j) => (weights[j * candidates + row] = 1));
    const start = { codes, weights };
    const found = await factoriseConvex(shape, x, points, start, config, context);
    const unit = unitAtoms(found.atoms, shape, x, false);
    const sampled =
      candidates < rows
        ? [`atoms combine ${candidates} of ${rows} training rows, drawn by the seed (candidates)`]
        : [];
    return finished(matrix, {
      atoms: unit.atoms,
      activation: { kind: "least-squares", positive: true, l1: 0 },
      initialAtoms: unitAtoms(combined(weights, points, concepts, dimension), shape, x, false).atoms,
      steps: found.steps,
      ended: found.ended,
      notes: [...sampled, ...deadNote(unit.dead, concepts)],
    });
  },
};

/** W·X_m, c x w */
function combined(weights: Float32Array, points: Float32Array, c: number, w: number): Float32Array {
  const m = points.length / w;
  const out = new Float32Array(c * w);
  for (let j = 0; j < c; j++) {
    for (let i = 0; i < m; i++) {
      const share = weights[j * m + i];
      if (share === 0) continue;
      for (let t = 0; t < w; t++) out[j * w + t] += share * points[i * w + t];
    }
  }
  return out;
}

export interface ConvexStart {
  /** n x c */
  readonly codes: Float32Array;
  /** c x m */
  readonly weights: Float32Array;
}

/** Z, W and D = W·X_m from a start; `points` are X_m, m x w. */
export async function factoriseConvex(
  shape: FactorShape,
  x: Float32Array,
  points: Float32Array,
  start: ConvexStart,
  config: AlternatingConfig,
  context: Observed & { readonly backend: Backend },
): Promise<Factorised & { readonly weights: Float32Array }> {
  const { backend } = context;
  const { width, concepts } = shape;
  const atoms = combined(start.weights, points, concepts, width);
  const factors = new Factors(backend, shape, x, { codes: start.codes, atoms });
  const combinations = new RowCombinations(backend, factors, points, start.weights);
  try {
    const turn = async (): Promise<number> => {
      if (config.solver === "multiplicative") {
        await scaleCodesOfSigned(factors);
        await combinations.scale();
      } else {
        await factors.descendCodes(2);
        await combinations.descend();
      }
      return factors.squaredError();
    };
    const done = await alternate(turn, shape.rows, config, context);
    const { weights } = combinations;
    return { codes: factors.codes, atoms: factors.atoms, weights, ...done };
  } finally {
    combinations.free();
    factors.free();
  }
}
