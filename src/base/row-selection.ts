/** Some rows of an embedding set, seen as a set of their own. */
import type { EmbeddingRows, Modality, PairTable, RowSource } from "./rows.ts";

/** Row numbers of each modality, ascending. */
export type SelectedRows = Readonly<Record<Modality, Uint32Array>>;

/** The chosen rows under new numbers, in their order, with the pairs of which both rows are chosen. */
export function selectRows(data: EmbeddingRows, rows: SelectedRows): EmbeddingRows {
  return {
    dimension: data.dimension,
    image: selectedSource(data.image, rows.image),
    text: selectedSource(data.text, rows.text),
    pairs: selectedPairs(data, rows),
  };
}

/** The rows numbered `rows`, in that order. */
export function selectedSource(source: RowSource, rows: Uint32Array): RowSource {
  return {
    rows: rows.length,
    columns: source.columns,
    async readRange(start, count, out, offset = 0) {
      const wanted = rows.subarray(start, start + count);
      for (let from = 0; from < wanted.length;) {
        let to = from + 1;
        while (to < wanted.length && wanted[to] === wanted[to - 1] + 1) to++;
        await source.readRange(wanted[from], to - from, out, offset + from * source.columns);
        from = to;
      }
    },
    gather: (indices, out, offset = 0) =>
      source.gather(
        indices.map((i) => rows[i]),
        out,
        offset,
      ),
  };
}

function selectedPairs({ image, text, pairs }: EmbeddingRows, rows: SelectedRows): PairTable {
  const numbers = { image: newNumbers(image.rows, rows.image), text: newNumbers(text.rows, rows.text) };
  const kept = Uint32Array.from(pairs.image.keys()).filter(
    (p) => numbers.image[pairs.image[p]] >= 0 && numbers.text[pairs.text[p]] >= 0,
  );
  return {
    image: kept.map((p) => numbers.image[pairs.image[p]]),
    text: kept.map((p) => numbers.text[pairs.text[p]]),
  };
}

/** For each of `count` rows its place among the chosen ones, or −1. */
function newNumbers(count: number, rows: Uint32Array): Int32Array {
  const numbers = new Int32Array(count).fill(-1);
  rows.forEach((row, at) => (numbers[row] = at));
  return numbers;
}
