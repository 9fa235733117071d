/** Image and text rows as one numbered set: images first, text row t is row `image.rows + t`. */
import type { EmbeddingRows, Modality, RowSource } from "../base/rows.ts";

export interface JointRows extends RowSource {
  /** Rows below this number are images, the others texts. */
  readonly imageRows: number;
  modalityOf(row: number): Modality;
}

export function jointRows({ image, text, dimension }: EmbeddingRows): JointRows {
  const imageRows = image.rows;
  return {
    rows: imageRows + text.rows,
    columns: dimension,
    imageRows,
    modalityOf: (row) => (row < imageRows ? "image" : "text"),
    async readRange(start, count, out, offset = 0) {
      const fromImages = Math.max(0, Math.min(count, imageRows - start));
      if (fromImages > 0) await image.readRange(start, fromImages, out, offset);
      if (fromImages < count) {
        const textStart = start + fromImages - imageRows;
        await text.readRange(textStart, count - fromImages, out, offset + fromImages * dimension);
      }
    },
    async gather(indices, out, offset = 0) {
      // Runs of one modality are handed on as they are, so order is kept without a copy.
      let from = 0;
      while (from < indices.length) {
        const ofImages = indices[from] < imageRows;
        let to = from + 1;
        while (to < indices.length && indices[to] < imageRows === ofImages) to++;
        const run = indices.slice(from, to);
        if (!ofImages) for (let i = 0; i < run.length; i++) run[i] -= imageRows;
        await (ofImages ? image : text).gather(run, out, offset + from * dimension);
        from = to;
      }
    },
  };
}
