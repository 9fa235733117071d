/** What drawings of bridges share: what they draw, what their ends are called, and the bridges as words and as a table. */
import { isDead } from "../../data/concept-columns.ts";
import type { BridgeColumns } from "../../data/dictionary-tables.ts";
import { conceptName } from "../../stores/concept-name.ts";
import type { Table } from "../../stores/csv-text.ts";
import type { OpenDictionary } from "../../stores/explorer-store.ts";
import { counted, significant } from "../../widgets/number-text.ts";
import { shortened } from "../../widgets/picture.tsx";

export interface BridgeDrawingProps {
  opened: OpenDictionary;
  bridges: BridgeColumns;
  /** Rows of the table, strongest first. */
  order: Uint32Array;
}

/** Asking for a name requests it, and draws again when it has arrived. */
export function useEndNames(opened: OpenDictionary): (concept: number) => string {
  return (concept) => {
    const dead = isDead(opened.tables.concepts, concept);
    const { text, from } = conceptName(
      dead ? undefined : opened.labels.get(concept),
      dead,
      opened.labels.givenName(concept),
    );
    return text === "" || from === "none" ? `concept ${concept}` : text;
  };
}

export function endName(names: (concept: number) => string, concept: number, length: number): string {
  return shortened(names(concept), Math.max(4, length));
}

export function bridgeTable(
  bridges: BridgeColumns,
  rows: ArrayLike<number>,
  names: (concept: number) => string,
): Table {
  return {
    columns: [
      "picture concept",
      "picture concept's name",
      "caption concept",
      "caption concept's name",
      "score",
      "cosine",
      "pairs",
      "q shuffled",
      "q permuted",
    ],
    rows: Array.from(rows, (e) => [
      bridges.imageConcept[e]!,
      names(bridges.imageConcept[e]!),
      bridges.textConcept[e]!,
      names(bridges.textConcept[e]!),
      bridges.score[e]!,
      bridges.cosine[e]!,
      bridges.pairs[e]!,
      bridges.shuffleQ[e]!,
      bridges.permutedQ[e]!,
    ]),
  };
}

/** "score 0.012, cosine 0.41, …" of one bridge, for titles. */
export function bridgeWords(bridges: BridgeColumns, e: number): string {
  return `score ${significant(bridges.score[e]!)}, cosine ${significant(bridges.cosine[e]!, 2)}, together on ${counted(bridges.pairs[e]!, "pair")}`;
}
