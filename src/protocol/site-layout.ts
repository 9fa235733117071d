/** Where the files of a static export lie; what they hold is in site.ts. */

/** Paths inside the folder. */
export const siteLayout = {
  /** Written last. */
  manifest: "site.json",
  page: "index.html",
  /** One concept, to be shown in frames of other pages. */
  embeddedPage: "embed.html",
  assets: "assets",
  data: "data",
  summary: "data/summary.json",
  /** A file of the study or of the embedding set, by its path there. */
  study: (path: string) => `data/study/${path}`,
  set: (path: string) => `data/set/${path}`,
  /** ⟨x image, x text⟩ of every pair in the order of pairs.parquet, p x 1; among the files of the set. */
  pairSimilarities: "pair-similarities.npy",
  /** What the page needs to answer questions, as it asks for it: below `data/`. */
  queries: {
    description: "queries/queries.json",
    /** Hosts know what `.js` is, but not all of them `.mjs`. */
    runtimeModule: "queries/onnxruntime.js",
    runtimeWasm: "queries/onnxruntime.wasm",
    tower: (name: string) => `queries/towers/${name}`,
  },
} as const;

/**
 * Longer files lie in pieces of so many bytes: hosts limit the size of a file, and one that answers
 * no range requests has to send all of it.
 */
export const pieceBytes = 8 << 20;

/** Where piece `index` of a file lies. */
export function piecePath(path: string, index: number): string {
  return `${path}.pieces/${String(index).padStart(4, "0")}`;
}
