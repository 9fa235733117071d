/** What is known about picked concepts, as a table and as JSON. */
import type { ConceptColumn, ConceptColumns } from "../data/concept-columns.ts";
import type { ConceptName } from "./concept-name.ts";
import type { Cell, Table } from "./csv-text.ts";

/** Statistics that mean something outside the study's own tables, each by its column's name. */
export const toldColumns = [
  "energy",
  "frequency",
  "imageFrequency",
  "textFrequency",
  "imageActive",
  "textActive",
  "imageEnergy",
  "textEnergy",
  "modalityScore",
  "maximum",
  "monosemanticity",
  "modalityDirectionCosine",
  "modalityProbeCosine",
  "directionAccuracy",
  "activationAccuracy",
  "bridges",
  "imageBridges",
  "textBridges",
  "significantBridges",
  "x",
  "y",
] as const satisfies readonly ConceptColumn[];

/** `nameFrom` tells a name that was given from the words, the caption, the picture or the file that stand for one. */
export function pickedTable(
  concepts: readonly number[],
  columns: ConceptColumns,
  names: ReadonlyMap<number, ConceptName>,
): Table {
  return {
    columns: ["concept", "name", "nameFrom", ...toldColumns],
    rows: concepts.map((concept): Cell[] => [
      concept,
      names.get(concept)?.text ?? null,
      names.get(concept)?.from ?? null,
      ...toldColumns.map((name) => columns[name][concept] ?? null),
    ]),
  };
}

/** NaN, where a number is not defined, becomes null. */
export function pickedJson(
  about: { study: string; dictionary: string; dataHash: string },
  table: Table,
): string {
  const concepts = table.rows.map((row) =>
    Object.fromEntries(
      table.columns.map((name, k) => {
        const cell = row[k] ?? null;
        return [name, typeof cell === "number" && !Number.isFinite(cell) ? null : cell];
      }),
    ),
  );
  return `${JSON.stringify({ ...about, concepts }, undefined, 2)}\n`;
}
