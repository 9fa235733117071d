/** What is known of the numeric columns of concepts: what they are called, how they are read, how they are spread. */
import type { DefinitionKey } from "../widgets/definitions.ts";
import { count, fixed, percent, significant } from "../widgets/number-text.ts";
import type { ConceptRow } from "../../protocol/analysis-tables.ts";
import type { ConceptColumn } from "./concept-columns.ts";

/** How values are spread out: evenly, by their logarithm, or by that of one more (counts, which may be 0). */
export type Spread = "linear" | "log" | "count";

export interface ColumnFacts {
  /** The name in addresses and tables. */
  column: string;
  name: string;
  spread: Spread;
  /** The values' own range where they have one, whatever a dictionary's are. */
  range?: readonly [number, number];
  term?: DefinitionKey;
  /** A value with its unit. */
  say: (value: number) => string;
}

/** Mean matched cosine with other runs: no column of concepts.parquet, but as good as one. */
export const stabilityColumn = "stability";

const plain = (value: number): string => significant(value, 3);
const decimals = (value: number): string => fixed(value, 2);
const whole = (value: number): string => count(Math.round(value));
const share = (value: number): string => percent(value);

const known: readonly (ColumnFacts & {
  column: keyof ConceptRow | ConceptColumn | typeof stabilityColumn;
})[] = [
  {
    column: "modalityScore",
    name: "Modality score",
    spread: "linear",
    range: [0, 1],
    term: "modalityScore",
    say: decimals,
  },
  { column: "energy", name: "Energy", spread: "log", term: "energy", say: plain },
  { column: stabilityColumn, name: "Stability", spread: "linear", term: "stability", say: decimals },
  { column: "frequency", name: "Frequency", spread: "log", term: "frequency", say: share },
  { column: "bridges", name: "Bridges", spread: "count", term: "bridge", say: whole },
  {
    column: "significantBridges",
    name: "Significant bridges",
    spread: "count",
    term: "significantBridge",
    say: whole,
  },
  {
    column: "monosemanticity",
    name: "Monosemanticity",
    spread: "linear",
    term: "monosemanticity",
    say: decimals,
  },
  { column: "maximum", name: "Greatest activation", spread: "log", term: "maximum", say: plain },
  {
    column: "imageFrequency",
    name: "Frequency among pictures",
    spread: "log",
    term: "frequency",
    say: share,
  },
  { column: "textFrequency", name: "Frequency among captions", spread: "log", term: "frequency", say: share },
  { column: "imageEnergy", name: "Energy of pictures", spread: "log", term: "energy", say: plain },
  { column: "textEnergy", name: "Energy of captions", spread: "log", term: "energy", say: plain },
  { column: "energyBalanced", name: "Energy, both sides alike", spread: "log", say: plain },
  { column: "energySquared", name: "Squared energy", spread: "log", say: plain },
  { column: "imageMaximum", name: "Greatest activation of a picture", spread: "log", say: plain },
  { column: "textMaximum", name: "Greatest activation of a caption", spread: "log", say: plain },
  { column: "active", name: "Active rows", spread: "count", say: whole },
  { column: "imageActive", name: "Active pictures", spread: "count", say: whole },
  { column: "textActive", name: "Active captions", spread: "count", say: whole },
  { column: "imageBridges", name: "Bridges from pictures", spread: "count", term: "bridge", say: whole },
  { column: "textBridges", name: "Bridges to captions", spread: "count", term: "bridge", say: whole },
  {
    column: "modalityScoreLow",
    name: "Modality score, lower end",
    spread: "linear",
    range: [0, 1],
    term: "modalityScore",
    say: decimals,
  },
  {
    column: "modalityScoreHigh",
    name: "Modality score, upper end",
    spread: "linear",
    range: [0, 1],
    term: "modalityScore",
    say: decimals,
  },
  {
    column: "modalityDirectionCosine",
    name: "Along the modality direction",
    spread: "linear",
    term: "modalityDirectionCosine",
    say: decimals,
  },
  {
    column: "modalityProbeCosine",
    name: "Along the modality probe",
    spread: "linear",
    term: "modalityProbeCosine",
    say: decimals,
  },
  { column: "modalitySubspaceNorm", name: "In the modality subspace", spread: "linear", say: decimals },
  {
    column: "directionAccuracy",
    name: "Telling modality by direction",
    spread: "linear",
    term: "directionAccuracy",
    say: share,
  },
  {
    column: "activationAccuracy",
    name: "Telling modality by activation",
    spread: "linear",
    term: "activationAccuracy",
    say: share,
  },
];

/** Columns that number rows of other tables or place a concept: nothing to colour by. */
const structural =
  /^(concept|x|y|pcaX|pcaY|topImage|topText|(example|bridge|bridgeByText|neighbour|word)(Start|Count))$/;

/** Facts of a column; one that the table has beyond the known ones goes by its own name. */
export function columnFacts(column: string): ColumnFacts {
  return known.find((one) => one.column === column) ?? { column, name: column, spread: "linear", say: plain };
}

/** Known without a column of the table: made of others, or of other tables. */
const always = ["energy", "modalityScore", "frequency", "maximum", "active", stabilityColumn];

/** Columns to colour by: the known ones, then what else the table has. */
export function colourColumns(inTable: Iterable<string>): string[] {
  const further = [...inTable].filter(
    (column) => !structural.test(column) && !known.some((one) => one.column === column),
  );
  const names = new Set([...inTable, ...always]);
  return [...known.map(({ column }) => column).filter((column) => names.has(column)), ...further];
}

/** Round values need no zeros at their end: 0.00100 is 0.001. */
export function withoutZeros(text: string): string {
  return text.replace(/(\.\d*?)0+(?!\d)/, "$1").replace(/\.(?!\d)/, "");
}
