/**
 * Non-negative matrix factorisation: X ≈ Z·D with X, Z, D ≥ 0, minimising ½‖X − ZD‖².
 *
 * Lee & Seung (1999), doi:10.1038/44565. Solvers: `cd`, one pass of coordinate descent over Z and one
 * over D a turn (HALS: Cichocki & Phan 2009; the order of scikit-learn's solver "cd" without
 * shuffling), and `multiplicative` (Lee & Seung 2001). Starts: `nndsvd` (NNDSVDa) and `random`.
 * Codes of new rows are non-negative least squares under the finished atoms.
 *
 * Embeddings are signed: with `splitSigns` the rows are written as [x⁺, x⁻] (n x 2d), factors are
 * found for those, and a concept's atom is the difference of its halves.
 */
import { badInput, badUsage } from "../../base/errors.ts";
import { Random } from "../../base/random.ts";
import type { Centring, Learner } from "../learner.ts";
import { oneOf, parseOptions, yesOrNo } from "../option-values.ts";
import { finished } from "./finished.ts";
import { scaleAtoms, scaleCodes } from "./multiplicative.ts";
import { nndsvd } from "./nndsvd.ts";
import {
  alternatingConfig,
  alternatingOptions,
  checkFactors,
  factoriseBy,
  randomStart,
  usualConcepts,
} from "./non-negative.ts";
import type { AlternatingConfig, Factorise } from "./non-negative.ts";
import { factorizationConfig, trainRowsOf } from "./options.ts";
import type { FactorizationConfig } from "./options.ts";
import { trainingMatrix } from "./training-matrix.ts";
import { deadNote, unitAtoms } from "./unit-atoms.ts";

export interface NmfConfig extends FactorizationConfig, AlternatingConfig {
  readonly init: "nndsvd" | "random";
  readonly splitSigns: boolean;
}

export const nmf: Learner<NmfConfig> = {
  name: "nmf",
  summary: "non-negative factors of non-negative rows, or of split signs",
  family: "factorization",
  configure(options, set) {
    const own = { init: oneOf("nndsvd", "random"), splitSigns: yesOrNo() };
    const given = parseOptions({ ...alternatingOptions, ...own }, options, "nmf");
    const most = trainRowsOf(set, given.heldOut);
    const splitSigns = given.splitSigns ?? false;
    const center: Centring = splitSigns ? "global" : "none";
    if (!splitSigns && given.center !== undefined && given.center !== "none") {
      throw badUsage(
        `center is "${given.center}"; centred rows are signed and nmf needs non-negative ones: expected none, or --split-signs`,
      );
    }
    const width = splitSigns ? 2 * set.dimension : set.dimension;
    const concepts = usualConcepts(most, set.dimension);
    const shared = factorizationConfig("nmf", given, { most, concepts, center });
    checkFactors(set, shared, width);
    const usualInit = shared.concepts <= Math.min(most, width) ? "nndsvd" : "random";
    const init = given.init ?? usualInit;
    if (init === "nndsvd" && usualInit === "random") {
      throw badUsage(
        `init is "nndsvd"; it starts at most ${Math.min(most, width)} concepts here: expected random`,
      );
    }
    return {
      ...shared,
      ...alternatingConfig(given, 200),
      init,
      splitSigns,
    };
  },
  async fit(data, config, context) {
    const { splitSigns, concepts, seed } = config;
    const matrix = await trainingMatrix(data, config);
    const x = splitSigns ? splitParts(matrix.values, matrix.dimension) : matrix.values;
    if (!splitSigns) checkNonNegative(x);
    const width = x.length / matrix.rows;
    const shape = { rows: matrix.rows, width, concepts };
    const start =
      config.init === "random"
        ? randomStart(shape, x, Random.of(seed, "nmf"))
        : await nndsvd(context.backend, shape, x, context);
    const { atoms, steps, ended } = await factorise(shape, x, start, config, context);
    const unit = unitAtoms(atoms, shape, x, splitSigns);
    const parts = splitSigns ? { parts: unit.parts } : {};
    return finished(matrix, {
      atoms: unit.atoms,
      activation: { kind: "least-squares", positive: true, l1: 0, ...parts },
      initialAtoms: unitAtoms(start.atoms, shape, x, splitSigns).atoms,
      steps,
      ended,
      notes: deadNote(unit.dead, concepts),
    });
  },
};

/** Z, D ≥ 0 from a start. */
export const factorise: Factorise = factoriseBy({
  async multiplicative(factors) {
    await scaleCodes(factors);
    return scaleAtoms(factors);
  },
  async cd(factors) {
    await factors.descendCodes();
    return factors.descendAtoms(true);
  },
});

/** [x⁺, x⁻] for every row: n x 2d. */
export function splitParts(x: Float32Array, d: number): Float32Array<ArrayBuffer> {
  const out = new Float32Array(2 * x.length);
  for (let i = 0; i * d < x.length; i++) {
    for (let t = 0; t < d; t++) {
      const value = x[i * d + t];
      if (value >= 0) out[2 * i * d + t] = value;
      else out[2 * i * d + d + t] = -value;
    }
  }
  return out;
}

function checkNonNegative(x: Float32Array): void {
  let negative = 0;
  let smallest = 0;
  for (const value of x) {
    if (value >= 0) continue;
    negative++;
    smallest = Math.min(smallest, value);
  }
  if (negative === 0) return;
  throw badInput(
    `nmf needs non-negative rows and ${negative} of ${x.length} numbers are negative (down to ${smallest.toPrecision(3)}); add --split-signs to factor positive and negative parts side by side, or take semi-nmf`,
  );
}
