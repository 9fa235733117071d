/** The pairs both of whose rows were trained on; held-out pairs stay unseen and can judge. */
import type { EmbeddingRows, PairTable } from "../base/rows.ts";
import type { RowSplit } from "./learner.ts";

export function trainingPairs({ image, pairs }: EmbeddingRows, { train }: RowSplit): PairTable {
  const trained = new Set(train);
  const kept = Array.from(pairs.image.keys()).filter(
    (p) => trained.has(pairs.image[p]) && trained.has(image.rows + pairs.text[p]),
  );
  return {
    image: Uint32Array.from(kept, (p) => pairs.image[p]),
    text: Uint32Array.from(kept, (p) => pairs.text[p]),
  };
}
