/** What the ends of bridges are called in drawings, and the bridges of a drawing as a table. */
import { isDead } from "../../data/concept-columns.ts";
import type { BridgeColumns } from "../../data/dictionary-tables.ts";
import { conceptName } from "../../stores/concept-name.ts";
import type { Table } from "../../stores/csv-text.ts";
import type { OpenDictionary } from "../../stores/explorer-store.ts";
import { shortened } from "../../widgets/picture.tsx";

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
      "its name",
      "caption concept",
      "its name ",
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
