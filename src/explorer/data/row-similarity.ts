/** Inner products of pictures and captions: from the set's embeddings, or from what an export kept of them. */
import { setLayout } from "../../protocol/study-layout.ts";
import { siteLayout } from "../../protocol/site-layout.ts";
import type { SetSummary } from "../../protocol/study-summary.ts";
import type { DataSource } from "./data-source.ts";
import { MatrixRows } from "./matrix-rows.ts";
import type { PairTable } from "./pair-table.ts";

/** Null where nothing there says it. */
export type RowSimilarity = (image: number, text: number) => Promise<number | null>;

export function rowSimilarity(
  source: DataSource,
  kept: SetSummary["similarity"],
  pairs: PairTable,
): RowSimilarity {
  if (kept === "none") return async () => null;
  if (kept === "pairs") {
    const values = MatrixRows.npy(source, `set/${siteLayout.pairSimilarities}`);
    return async (image, text) => {
      const found = (await pairs.of("image", image)).find(({ row }) => row === text);
      if (found === undefined) return null;
      const [row] = await values.read([found.pair]);
      return row?.[0] ?? null;
    };
  }
  const images = MatrixRows.npy(source, `set/${setLayout.images}`);
  const texts = MatrixRows.npy(source, `set/${setLayout.texts}`);
  return async (image, text) => {
    const [[x], [y]] = await Promise.all([images.read([image]), texts.read([text])]);
    return x!.reduce((sum, value, q) => sum + value * y![q]!, 0);
  };
}
