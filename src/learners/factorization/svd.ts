/**
 * Truncated singular value decomposition of the rows as they are: X = UΣVᵀ, the dictionary is the c
 * leading right singular vectors; z = D·x = U·Σ, signed, x̂ = zᵀD. Nothing is centred by default,
 * so that the first direction is near the rows' mean.
 *
 * Eckart and Young (1936); the same directions as scikit-learn's `TruncatedSVD`. Differs: they are
 * exact, from the eigenvectors of XᵀX, where scikit-learn's default draws a random subspace. Signs as
 * there: of every direction the entry of largest magnitude is positive. With centring it is `pca`.
 */
import type { Learner } from "../learner.ts";
import type { FactorizationConfig } from "./options.ts";
import { configureDirections, fitSingularDirections } from "./singular-directions.ts";

export const svd: Learner<FactorizationConfig> = {
  name: "svd",
  summary: "truncated SVD of rows as they are: orthogonal directions of largest energy, signed codes",
  family: "factorization",
  activity: () => "all",
  configure: configureDirections("svd", "none"),
  fit: fitSingularDirections,
};
