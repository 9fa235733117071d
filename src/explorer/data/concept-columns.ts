/** analysis/concepts.parquet in memory: one array for each statistic, element j is concept j. */
import type { ConceptRow } from "../../protocol/analysis-tables.ts";
import { numbers, type ParquetTable } from "./parquet-table.ts";

export const tableColumns = [
  "energy",
  "energyBalanced",
  "energySquared",
  "imageEnergy",
  "textEnergy",
  "imageFrequency",
  "textFrequency",
  "imageActive",
  "textActive",
  "imageMaximum",
  "textMaximum",
  "modalityScore",
  "modalityDirectionCosine",
  "modalityProbeCosine",
  "modalitySubspaceNorm",
  "directionAccuracy",
  "activationAccuracy",
  "monosemanticity",
  "imageBridges",
  "textBridges",
  "bridges",
  "significantBridges",
  "x",
  "y",
  "exampleStart",
  "exampleCount",
  "bridgeStart",
  "bridgeCount",
  "bridgeByTextStart",
  "bridgeByTextCount",
  "neighbourStart",
  "neighbourCount",
] as const satisfies readonly (keyof ConceptRow)[];

export type TableColumn = (typeof tableColumns)[number];

/** Statistics that follow from the table's. */
type DerivedColumn = "concept" | "maximum" | "frequency" | "active";

export type ConceptColumn = TableColumn | DerivedColumn;

export interface ConceptColumns extends Record<ConceptColumn, Float64Array> {
  count: number;
}

export async function readConceptColumns(table: ParquetTable): Promise<ConceptColumns> {
  const values = await table.read(tableColumns);
  const read = Object.fromEntries(tableColumns.map((name, i) => [name, numbers(values[i]!)])) as Record<
    TableColumn,
    Float64Array
  >;
  const count = table.rows;
  const derived: Record<DerivedColumn, Float64Array> = {
    concept: Float64Array.from({ length: count }, (_, j) => j),
    maximum: new Float64Array(count),
    frequency: new Float64Array(count),
    active: new Float64Array(count),
  };
  const rows =
    countedRows(read.imageActive, read.imageFrequency) + countedRows(read.textActive, read.textFrequency);
  for (let j = 0; j < count; j++) {
    derived.maximum[j] = Math.max(read.imageMaximum[j]!, read.textMaximum[j]!);
    derived.active[j] = read.imageActive[j]! + read.textActive[j]!;
    derived.frequency[j] = rows > 0 ? derived.active[j]! / rows : 0;
  }
  return { count, ...read, ...derived };
}

/** Rows behind a count and its share: active / frequency, from the concept that says it best. */
function countedRows(active: Float64Array, frequency: Float64Array): number {
  let best = 0;
  for (let j = 1; j < active.length; j++) if (active[j]! > active[best]!) best = j;
  return active[best]! > 0 ? Math.round(active[best]! / frequency[best]!) : 0;
}

/** Rows of either side on which the concept is active. */
export function activeRows(columns: ConceptColumns, concept: number): { image: number; text: number } {
  return { image: columns.imageActive[concept]!, text: columns.textActive[concept]! };
}

export function isDead(columns: ConceptColumns, concept: number): boolean {
  return columns.active[concept] === 0;
}
