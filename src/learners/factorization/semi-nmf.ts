/**
 * Semi-NMF: X ≈ Z·D with Z ≥ 0 and X, D of any sign, minimising ½‖X − ZD‖².
 *
 * Ding, Li & Jordan (2010), doi:10.1109/TPAMI.2008.277. Solvers: `multiplicative`, the paper's (Z is
 * scaled, D the least-squares solution), and `cd`, one pass of coordinate descent over Z and two over
 * D a turn, which needs no inverse of ZᵀZ and has the same fixed points. Codes of new rows are
 * non-negative least squares.
 */
import { Random } from "../../base/random.ts";
import type { Backend } from "../../kernels/backend.ts";
import { fold } from "../fold.ts";
import type { FitContext, Learner } from "../learner.ts";
import { parseOptions } from "../option-values.ts";
import { alternate, type AlternateConfig } from "./alternate.ts";
import { Factors, type FactorShape } from "./factors.ts";
import { scaleCodesOfSigned } from "./multiplicative.ts";
import { alternatingOptions, randomStart, usualConcepts, type Factorised, type Solver } from "./nmf.ts";
import type { Start } from "./nndsvd.ts";
import { factorizationConfig, trainRowsOf } from "./options.ts";
import type { FactorizationConfig } from "./options.ts";
import { trainingMatrix } from "./training-matrix.ts";
import { deadNote, unitAtoms } from "./unit-atoms.ts";

export interface SemiNmfConfig extends FactorizationConfig, AlternateConfig {
  readonly solver: Solver;
}

export const semiNmf: Learner<SemiNmfConfig> = {
  name: "semi-nmf",
  summary: "non-negative codes, atoms of any sign",
  family: "factorization",
  configure(options, set) {
    const given = parseOptions(alternatingOptions, options, "semi-nmf");
    const most = trainRowsOf(set, given.heldOut);
    const concepts = usualConcepts(most, set.dimension);
    return {
      ...factorizationConfig("semi-nmf", given, { most, concepts }),
      solver: given.solver ?? "cd",
      iterations: given.iterations ?? 200,
      tolerance: given.tolerance ?? 1e-4,
    };
  },
  async fit(data, config, context) {
    const { concepts, seed } = config;
    const {
      values: x,
      rows,
      dimension,
      split,
      preparation,
    } = await trainingMatrix(data, {
      ...config,
      scale: false,
    });
    const shape = { rows, width: dimension, concepts };
    const start = randomRows(shape, x, Random.of(seed, "semi-nmf"));
    const { atoms, steps, ended } = await factoriseSigned(shape, x, start, config, context);
    const unit = unitAtoms(atoms, shape, x, false);
    const zeros = { encoderBias: new Float32Array(concepts), decoderBias: new Float32Array(dimension) };
    const { centring, mean, scale } = preparation;
    return {
      dictionary: fold(
        { encoder: unit.atoms, atoms: unit.atoms, ...zeros },
        { kind: "least-squares", positive: true, l1: 0 },
        preparation,
      ),
      initialAtoms: unitAtoms(start.atoms, shape, x, false).atoms,
      split,
      preparation: { centring, mean, scale },
      steps,
      ended,
      notes: deadNote(unit.dead, concepts),
    };
  },
};

/** Z ≥ 0 and D from a start. */
export async function factoriseSigned(
  shape: FactorShape,
  x: Float32Array,
  start: Start,
  config: AlternateConfig & { readonly solver: Solver },
  context: Pick<FitContext, "log" | "progress" | "signal"> & { readonly backend: Backend },
): Promise<Factorised> {
  const factors = new Factors(context.backend, shape, x, start);
  try {
    const turn = async (): Promise<number> => {
      if (config.solver === "multiplicative") {
        await scaleCodesOfSigned(factors);
        return factors.solveAtoms();
      }
      await factors.descendCodes();
      return factors.descendAtoms(false, 2);
    };
    const done = await alternate(turn, shape.rows, config, context);
    return { codes: await factors.codes(), atoms: await factors.atoms(), ...done };
  } finally {
    factors.free();
  }
}

/** Atoms that are rows drawn by the seed; positive random codes. */
export function randomRows(shape: FactorShape, x: Float32Array, random: Random): Start {
  const { rows, width: w, concepts: c } = shape;
  const { codes } = randomStart(shape, x, random);
  const atoms = new Float32Array(c * w);
  const chosen = random.permutation(rows).subarray(0, c);
  chosen.forEach((row, j) => atoms.set(x.subarray(row * w, (row + 1) * w), j * w));
  return { codes, atoms };
}
