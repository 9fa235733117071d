/** Examples of a concept: its strongest rows, some from the middle of its range and some from the low end. */
import type { Modality } from "../../base/rows.ts";
import type { SparseColumns } from "../../base/sparse-codes.ts";
import type { Band, ExampleRow } from "../../protocol/analysis-tables.ts";

const counts: Readonly<Record<Band, number>> = { top: 16, middle: 8, low: 8 };

/**
 * Rows that repeat an activation to the last bit are copies of one embedding and shown once. The
 * middle band is (⅓, ⅔] of the concept's maximum on this modality, the low band what lies below.
 */
export function conceptExamples(columns: SparseColumns, concept: number, modality: Modality): ExampleRow[] {
  const entries: { row: number; activation: number }[] = [];
  for (let e = columns.conceptStart[concept]!; e < columns.conceptStart[concept + 1]!; e++) {
    entries.push({ row: columns.row[e]!, activation: columns.value[e]! });
  }
  entries.sort((a, b) => b.activation - a.activation || a.row - b.row);
  const different = entries.filter((entry, i) => i === 0 || entry.activation !== entries[i - 1]!.activation);
  const maximum = different[0]?.activation ?? 0;
  const rest = different.slice(counts.top);
  const bands: readonly (readonly [Band, typeof different])[] = [
    ["top", different.slice(0, counts.top)],
    [
      "middle",
      spread(
        rest.filter(({ activation }) => activation <= (2 / 3) * maximum && activation > maximum / 3),
        counts.middle,
      ),
    ],
    [
      "low",
      spread(
        rest.filter(({ activation }) => activation <= maximum / 3),
        counts.low,
      ),
    ],
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
