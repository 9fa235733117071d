/** Examples of a concept: its strongest rows, some from the middle of its range and some from the low end. */
import type { Modality } from "../../base/rows.ts";
import type { SparseColumns } from "../../base/sparse-codes.ts";
import type { Band, ExampleRow } from "../../protocol/analysis-tables.ts";
import type { RepeatedRows } from "./repeated-rows.ts";

const counts: Readonly<Record<Band, number>> = { top: 16, middle: 8, low: 8 };

/**
 * Of rows that repeat one another only the first is shown. Beside the strongest rows, the middle and the
 * low band are the middle and the lowest third of the concept's range on this modality, from its
 * smallest activation (a threshold keeps it above 0) to its largest.
 */
export function conceptExamples(
  columns: SparseColumns,
  concept: number,
  modality: Modality,
  { byEmbedding, byItem }: RepeatedRows,
): ExampleRow[] {
  const entries: { row: number; activation: number }[] = [];
  for (let e = columns.conceptStart[concept]!; e < columns.conceptStart[concept + 1]!; e++) {
    entries.push({ row: columns.row[e]!, activation: columns.value[e]! });
  }
  entries.sort((a, b) => b.activation - a.activation || a.row - b.row);
  const embeddings = new Set<number>();
  const items = new Set<number>();
  const different = entries.filter(({ row }) => {
    const repeats = embeddings.has(byEmbedding[row]!) || items.has(byItem[row]!);
    embeddings.add(byEmbedding[row]!);
    items.add(byItem[row]!);
    return !repeats;
  });
  const largest = different[0]?.activation ?? 0;
  const smallest = different.at(-1)?.activation ?? 0;
  const third = (largest - smallest) / 3;
  const rest = different.slice(counts.top);
  const low = rest.filter(({ activation }) => activation <= smallest + third);
  const middle = rest.filter(
    ({ activation }) => activation > smallest + third && activation <= largest - third,
  );
  const bands: readonly (readonly [Band, typeof different])[] = [
    ["top", different.slice(0, counts.top)],
    ["middle", spread(middle, counts.middle)],
    ["low", spread(low, counts.low)],
  ];
  return bands.flatMap(([band, chosen]) =>
    chosen.map(({ row, activation }, rank) => ({ concept, modality, band, rank, row, activation })),
  );
}

/** At most `count` of the items, evenly spaced, first and last among them. */
function spread<T>(items: readonly T[], count: number): T[] {
  if (items.length <= count) return [...items];
  return Array.from({ length: count }, (_, i) => items[Math.round((i * (items.length - 1)) / (count - 1))]!);
}
