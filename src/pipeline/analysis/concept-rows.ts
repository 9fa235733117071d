/** The rows of concepts.parquet: every statistic of a concept, and where its rows begin in the tables sorted by it. */
import type { Neighbours } from "../../linalg/nearest-neighbours.ts";
import type { ConceptActivity } from "../../metrics/concept-activity.ts";
import { energy, energyBalanced, energySquared, frequency } from "../../metrics/energy.ts";
import type { ModalityInterval } from "../../metrics/modality-interval.ts";
import type { ConceptRow, ExampleRow } from "../../protocol/analysis-tables.ts";
import type { BridgeTable } from "./bridge-table.ts";
import type { ConceptMap } from "./concept-map.ts";
import type { ConceptWords } from "./concept-words.ts";
import type { ModalityGeometry } from "./geometry.ts";

export interface ConceptStatistics {
  readonly image: ConceptActivity;
  readonly text: ConceptActivity;
  readonly both: ConceptActivity;
  readonly pooled: Float64Array;
  readonly scores: Float64Array;
  readonly interval: ModalityInterval;
  readonly alike: Float64Array;
  readonly geometry: ModalityGeometry | null;
  readonly map: ConceptMap;
  readonly examples: readonly ExampleRow[];
  readonly bridges: BridgeTable;
  readonly neighbours: Neighbours;
  readonly words: ConceptWords;
}

export function conceptRows(s: ConceptStatistics): ConceptRow[] {
  const concepts = s.pooled.length;
  const energies = {
    balanced: energyBalanced(s.image, s.text),
    squared: energySquared(s.both),
    image: energy(s.image),
    text: energy(s.text),
  };
  const frequencies = { image: frequency(s.image), text: frequency(s.text) };
  const examples = runs(concepts, s.examples, (row) => row.concept);
  const top = { image: topRows(concepts, s.examples, "image"), text: topRows(concepts, s.examples, "text") };
  const byImage = runs(concepts, s.bridges.byImage, (row) => row.imageConcept);
  const byText = runs(concepts, s.bridges.byText, (row) => row.textConcept);
  const words = runs(concepts, s.words.rows, (row) => row.concept);
  return Array.from({ length: concepts }, (_, j) => ({
    concept: j,
    energy: s.pooled[j]!,
    energyBalanced: energies.balanced[j]!,
    energySquared: energies.squared[j]!,
    imageEnergy: energies.image[j]!,
    textEnergy: energies.text[j]!,
    imageFrequency: frequencies.image[j]!,
    textFrequency: frequencies.text[j]!,
    imageActive: s.image.active[j]!,
    textActive: s.text.active[j]!,
    imageMaximum: s.image.maximum[j]!,
    textMaximum: s.text.maximum[j]!,
    modalityScore: orNull(s.scores[j]!),
    modalityScoreLow: orNull(s.interval.low[j]!),
    modalityScoreHigh: orNull(s.interval.high[j]!),
    modalityDirectionCosine: s.geometry?.directionCosine[j] ?? NaN,
    modalityProbeCosine: s.geometry?.probeCosine[j] ?? NaN,
    modalitySubspaceNorm: s.geometry?.subspaceNorm[j] ?? NaN,
    directionAccuracy: s.geometry?.directionAccuracy[j] ?? NaN,
    activationAccuracy: s.geometry?.activationAccuracy[j] ?? NaN,
    monosemanticity: orNull(s.alike[j]!),
    imageBridges: s.bridges.counts.image[j]!,
    textBridges: s.bridges.counts.text[j]!,
    bridges: s.bridges.counts.either[j]!,
    significantBridges: s.bridges.counts.significant[j]!,
    x: s.map.x[j]!,
    y: s.map.y[j]!,
    pcaX: s.map.principal.x[j]!,
    pcaY: s.map.principal.y[j]!,
    topImage: top.image[j]!,
    topText: top.text[j]!,
    exampleStart: examples[j]!,
    exampleCount: examples[j + 1]! - examples[j]!,
    bridgeStart: byImage[j]!,
    bridgeCount: byImage[j + 1]! - byImage[j]!,
    bridgeByTextStart: byText[j]!,
    bridgeByTextCount: byText[j + 1]! - byText[j]!,
    neighbourStart: j * s.neighbours.k,
    neighbourCount: s.neighbours.k,
    wordStart: words[j]!,
    wordCount: words[j + 1]! - words[j]!,
    words: s.words.summary[j]!,
  }));
}

/** Where each concept's rows begin in a table that is sorted by concept: c + 1 positions. */
function runs<T>(concepts: number, rows: readonly T[], conceptOf: (row: T) => number): Uint32Array {
  const start = new Uint32Array(concepts + 1);
  for (const row of rows) start[conceptOf(row) + 1]!++;
  for (let j = 0; j < concepts; j++) start[j + 1]! += start[j]!;
  return start;
}

function topRows(
  concepts: number,
  examples: readonly ExampleRow[],
  modality: ExampleRow["modality"],
): (number | null)[] {
  const rows = Array.from<number | null>({ length: concepts }).fill(null);
  for (const example of examples) {
    if (example.modality === modality && example.band === "top") rows[example.concept] ??= example.row;
  }
  return rows;
}

function orNull(value: number): number | null {
  return Number.isNaN(value) ? null : value;
}
