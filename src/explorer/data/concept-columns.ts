/** Statistics of concepts in memory: one array for each column of analysis/concepts.parquet, element j is concept j. */
import type { ConceptRow } from "../../protocol/analysis-tables.ts";

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

/** Columns that analyses of earlier versions lack: NaN throughout there. */
export const newerColumns = [
  "modalityScoreLow",
  "modalityScoreHigh",
  "pcaX",
  "pcaY",
  "topImage",
  "topText",
  "wordStart",
  "wordCount",
] as const satisfies readonly (keyof ConceptRow)[];

export type TableColumn = (typeof tableColumns)[number] | (typeof newerColumns)[number];

type Columns<Name extends string> = Readonly<Record<Name, Float64Array>>;

/** Statistics that follow from the table's. */
export const derivedColumns = {
  maximum: {
    from: ["imageMaximum", "textMaximum"],
    of: ({ imageMaximum, textMaximum }: Columns<TableColumn>): Float64Array =>
      imageMaximum.map((largest, j) => Math.max(largest, textMaximum[j]!)),
  },
  active: { from: ["imageActive", "textActive"], of: activeOf },
  frequency: {
    from: ["imageActive", "textActive", "imageFrequency", "textFrequency"],
    of: (columns: Columns<TableColumn>): Float64Array => {
      const { imageActive, imageFrequency, textActive, textFrequency } = columns;
      const rows = countedRows(imageActive, imageFrequency) + countedRows(textActive, textFrequency);
      return activeOf(columns).map((active) => (rows > 0 ? active / rows : 0));
    },
  },
} as const satisfies Record<
  string,
  { from: readonly TableColumn[]; of: (columns: Columns<TableColumn>) => Float64Array }
>;

export type DerivedColumn = keyof typeof derivedColumns;

export type ConceptColumn = TableColumn | DerivedColumn | "concept";

/**
 * A column that has not arrived yet is NaN throughout, and reading it asks for it (lazy-columns.ts):
 * whatever was made of these columns is made again when it is there.
 */
export interface ConceptColumns extends Columns<ConceptColumn> {
  readonly count: number;
}

function activeOf({ imageActive, textActive }: Columns<"imageActive" | "textActive">): Float64Array {
  return imageActive.map((active, j) => active + textActive[j]!);
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

export function isDead(columns: Pick<ConceptColumns, "active">, concept: number): boolean {
  return columns.active[concept] === 0;
}

/** What places, sizes and colours concepts on a map. */
export type PlacedColumns = Pick<ConceptColumns, "count" | "x" | "y" | "energy" | "active" | "modalityScore">;

/** Whether a name is that of a column that `ConceptColumns` has. */
export function isConceptColumn(name: string): name is ConceptColumn {
  return [...tableColumns, ...newerColumns, ...Object.keys(derivedColumns), "concept"].includes(name);
}
