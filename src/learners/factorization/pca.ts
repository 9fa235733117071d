/**
 * Principal component analysis: the c leading eigenvectors of the covariance XᵀX/(n − 1) of centred
 * rows; z = D·(x − μ), signed, x̂ = zᵀD + μ. The best linear reconstruction that c directions can give.
 *
 * Pearson (1901); the same components as scikit-learn's `PCA`. Signs as there: of every component the
 * entry of largest magnitude is positive. Without centring (`center` none) it is `svd`.
 */
import type { Learner } from "../learner.ts";
import type { FactorizationConfig } from "./options.ts";
import { configureDirections, fitSingularDirections } from "./singular-directions.ts";

export const pca: Learner<FactorizationConfig> = {
  name: "pca",
  summary: "principal components: orthogonal directions of largest variance, signed codes",
  family: "factorization",
  activity: () => "all",
  configure: configureDirections("pca"),
  fit: fitSingularDirections,
};
