/**
 * Principal component analysis: the c leading eigenvectors of the covariance XᵀX/(n − 1) of centred
 * rows; z = D·(x − μ), signed, x̂ = zᵀD + μ. The best linear reconstruction that c directions can give.
 *
 * Pearson (1901); the same subspace as scikit-learn's `PCA`. Signs as there: of every component the
 * entry of largest magnitude is positive. Without centring (`center` none) it is an SVD of the rows.
 */
import type { Learner } from "../learner.ts";
import { rightSingular } from "../../linalg/singular-values.ts";
import { parseOptions } from "../option-values.ts";
import { fold } from "../fold.ts";
import { factorizationConfig, factorizationOptions, trainRowsOf } from "./options.ts";
import type { FactorizationConfig } from "./options.ts";
import { trainingMatrix } from "./training-matrix.ts";

export const pca: Learner<FactorizationConfig> = {
  name: "pca",
  summary: "principal components: orthogonal directions of largest variance, signed codes",
  family: "factorization",
  signed: true,
  configure(options, set) {
    const given = parseOptions(factorizationOptions, options, "pca");
    const most = Math.min(set.dimension, trainRowsOf(set, given.heldOut));
    return factorizationConfig("pca", given, { most });
  },
  async fit(data, config, { log }) {
    const { values, rows, dimension, split, preparation } = await trainingMatrix(data, {
      ...config,
      scale: false,
    });
    const found = rightSingular(values, rows, dimension);
    const { concepts } = config;
    const atoms = Float32Array.from(found.vectors.subarray(0, concepts * dimension));
    turnLargestPositive(atoms, dimension);
    let total = 0;
    let kept = 0;
    found.values.forEach((value, i) => {
      total += value * value;
      if (i < concepts) kept += value * value;
    });
    log({ step: 1, loss: (total - kept) / rows });
    const zeros = { encoderBias: new Float32Array(concepts), decoderBias: new Float32Array(dimension) };
    const { centring, mean, scale } = preparation;
    return {
      dictionary: fold({ encoder: atoms, atoms, ...zeros }, { kind: "linear" }, preparation),
      initialAtoms: null,
      split,
      preparation: { centring, mean, scale },
      steps: 1,
      ended: "completed",
      notes: [],
    };
  },
};

function turnLargestPositive(atoms: Float32Array, dimension: number): void {
  for (let at = 0; at < atoms.length; at += dimension) {
    const row = atoms.subarray(at, at + dimension);
    let largest = 0;
    for (let t = 1; t < dimension; t++) if (Math.abs(row[t]) > Math.abs(row[largest])) largest = t;
    if (row[largest] < 0) for (let t = 0; t < dimension; t++) row[t] = -row[t];
  }
}
