/**
 * Semi-NMF: X ≈ Z·D with Z ≥ 0 and X, D of any sign, minimising ½‖X − ZD‖².
 *
 * Ding, Li & Jordan (2010), doi:10.1109/TPAMI.2008.277. Solvers: `multiplicative`, the paper's (Z is
 * scaled, D the least-squares solution), and `cd`, one pass of coordinate descent over Z and two over
 * D a turn, which needs no inverse of ZᵀZ and has the same fixed points. Codes of new rows are
 * non-negative least squares.
 */
import { Random } from "../../base/random.ts";
import type { Learner } from "../learner.ts";
import { parseOptions } from "../option-values.ts";
import type { FactorShape } from "./factors.ts";
import { finished } from "./finished.ts";
import { scaleCodesOfSigned } from "./multiplicative.ts";
import {
  alternatingConfig,
  alternatingOptions,
  checkFactors,
  factoriseBy,
  randomStart,
  usualConcepts,
} from "./non-negative.ts";
import type { AlternatingConfig, Factorise } from "./non-negative.ts";
import type { Start } from "./nndsvd.ts";
import { factorizationConfig, trainRowsOf } from "./options.ts";
import type { FactorizationConfig } from "./options.ts";
import { trainingMatrix } from "./training-matrix.ts";
import { deadNote, unitAtoms } from "./unit-atoms.ts";

export interface SemiNmfConfig extends FactorizationConfig, AlternatingConfig {}

export const semiNmf: Learner<SemiNmfConfig> = {
  name: "semi-nmf",
  summary: "non-negative codes, atoms of any sign",
  family: "factorization",
  configure(options, set) {
    const given = parseOptions(alternatingOptions, options, "semi-nmf");
    const most = trainRowsOf(set, given.heldOut);
    const concepts = usualConcepts(most, set.dimension);
    const shared = factorizationConfig("semi-nmf", given, { most, concepts });
    checkFactors(set, shared);
    return {
      ...shared,
      ...alternatingConfig(given, 200),
    };
  },
  async fit(data, config, context) {
    const { concepts, seed } = config;
    const matrix = await trainingMatrix(data, config);
    const { values: x, rows, dimension } = matrix;
    const shape = { rows, width: dimension, concepts };
    const start = randomRows(shape, x, Random.of(seed, "semi-nmf"));
    const { atoms, steps, ended } = await factoriseSigned(shape, x, start, config, context);
    const unit = unitAtoms(atoms, shape, x, false);
    return finished(matrix, {
      atoms: unit.atoms,
      activation: { kind: "least-squares", positive: true, l1: 0 },
      initialAtoms: unitAtoms(start.atoms, shape, x, false).atoms,
      steps,
      ended,
      notes: deadNote(unit.dead, concepts),
    });
  },
};

/** Z ≥ 0 and D from a start. */
export const factoriseSigned: Factorise = factoriseBy({
  async multiplicative(factors) {
    await scaleCodesOfSigned(factors);
    return factors.solveAtoms();
  },
  async cd(factors) {
    await factors.descendCodes();
    return factors.descendAtoms(false, 2);
  },
});

/** Atoms that are rows drawn by the seed; positive random codes. */
export function randomRows(shape: FactorShape, x: Float32Array, random: Random): Start {
  const { rows, width: w, concepts: c } = shape;
  const { codes } = randomStart(shape, x, random);
  const atoms = new Float32Array(c * w);
  const chosen = random.permutation(rows).subarray(0, c);
  chosen.forEach((row, j) => atoms.set(x.subarray(row * w, (row + 1) * w), j * w));
  return { codes, atoms };
}
