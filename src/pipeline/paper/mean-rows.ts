/** The mean row of each modality, in float64. */
import type { EmbeddingRows, RowSource } from "../../base/rows.ts";

const blockRows = 1024;

/** Zeros for a modality without rows. */
export async function meanRows({
  image,
  text,
  dimension,
}: EmbeddingRows): Promise<{ image: Float64Array; text: Float64Array }> {
  const meanOf = async (source: RowSource): Promise<Float64Array> => {
    const mean = new Float64Array(dimension);
    const block = new Float32Array(blockRows * dimension);
    for (let start = 0; start < source.rows; start += blockRows) {
      const count = Math.min(blockRows, source.rows - start);
      await source.readRange(start, count, block);
      for (let e = 0; e < count * dimension; e++) mean[e % dimension]! += block[e]! / source.rows;
    }
    return mean;
  };
  return { image: await meanOf(image), text: await meanOf(text) };
}
