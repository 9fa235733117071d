/** Concepts switched off or scaled, and what that does to gap, retrieval and nearest rows: `#/intervene?keep=bimodal&scale=3_17x0.5`. */
import type { Modality } from "../../data/dictionary-tables.ts";
import { interventionFields, type Intervention } from "../../intervention/concept-scales.ts";
import { searchedChoices } from "../../intervention/searched-choices.ts";
import { field, oneOf, wholeNumber } from "../../stores/address-field.ts";
import type { View } from "../view.ts";

/** A picture or a caption. */
export interface ChosenRow {
  readonly side: Modality;
  readonly row: number;
}

export interface InterveneAddress extends Intervention {
  /** The row that nearest rows are shown of; null: the first searched picture. */
  nearestTo: ChosenRow | null;
  /** Whether they are of the other side, or of the same. */
  nearestAmong: "other" | "same";
  /** Images that are searched at most; null: as many as can be searched at once. */
  searched: number | null;
}

export const interveneView: View<"intervene", InterveneAddress> = {
  name: "intervene",
  title: "Intervene",
  icon: "sliders",
  navigation: "listed",
  key: "i",
  needs: "dictionary",
  fields: {
    ...interventionFields,
    nearestTo: field<ChosenRow | null>(
      "nearest",
      null,
      (text) => {
        const [side, digits] = text.split("-");
        const row = wholeNumber(digits);
        return (side === "image" || side === "text") && row !== null ? { side, row } : null;
      },
      (chosen) => (chosen === null ? "" : `${chosen.side}-${chosen.row}`),
    ),
    nearestAmong: oneOf("among", ["other", "same"]),
    searched: field<number | null>(
      "searched",
      null,
      (text) => searchedChoices.find((choice) => choice === wholeNumber(text)) ?? null,
      (choice) => (choice === null ? "" : String(choice)),
    ),
  },
  load: async () => (await import("./intervene-view.tsx")).InterveneView,
};
