/** The names of all learners, for help that loads none of them; test/cli/help.test.ts compares them with the registry. */
export const learnerNames: readonly string[] = [
  "batch-topk",
  "topk",
  "jumprelu",
  "relu",
  "gated",
  "matryoshka",
  "archetypal",
  "aligned",
  "pca",
  "svd",
  "ica",
  "k-means",
  "random",
  "identity",
];
