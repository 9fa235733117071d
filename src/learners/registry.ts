/** Every learner by its name. */
import { badUsage } from "../base/errors.ts";
import { convexNmf } from "./factorization/convex-nmf.ts";
import { dictionaryLearning } from "./factorization/dictionary-learning.ts";
import { fixedText } from "./factorization/fixed-text.ts";
import { ica } from "./factorization/ica.ts";
import { identity } from "./factorization/identity.ts";
import { kMeans } from "./factorization/k-means.ts";
import { nmf } from "./factorization/nmf.ts";
import { pca } from "./factorization/pca.ts";
import { random } from "./factorization/random.ts";
import { semiNmf } from "./factorization/semi-nmf.ts";
import { sparsePca } from "./factorization/sparse-pca.ts";
import { svd } from "./factorization/svd.ts";
import type { Learner } from "./learner.ts";
import { aligned } from "./sae/aligned.ts";
import { archetypal } from "./sae/archetypal.ts";
import { batchTopK } from "./sae/batch-topk.ts";
import { gated } from "./sae/gated.ts";
import { jumpReLU } from "./sae/jumprelu.ts";
import { matryoshka } from "./sae/matryoshka.ts";
import { matchingPursuit, orthogonalMatchingPursuit } from "./sae/pursuit.ts";
import { relu } from "./sae/relu.ts";
import { saeLearner } from "./sae/sae-learner.ts";
import { topK } from "./sae/topk.ts";

export const learners: readonly Learner[] = [
  ...[
    batchTopK,
    topK,
    jumpReLU,
    relu,
    gated,
    matryoshka,
    archetypal,
    aligned,
    matchingPursuit,
    orthogonalMatchingPursuit,
  ].map(saeLearner),
  pca,
  svd,
  ica,
  kMeans,
  sparsePca,
  random,
  identity,
  nmf,
  semiNmf,
  convexNmf,
  dictionaryLearning,
  fixedText,
];

export function learnerNamed(name: string): Learner {
  const found = learners.find((learner) => learner.name === name);
  if (found) return found;
  throw badUsage(
    `there is no learner "${name}"; expected one of ${learners.map((learner) => learner.name).join(", ")}`,
  );
}
