/** All dictionaries of the study beside each other: what they rebuild how sparsely, how they were trained, and two of them concept by concept. */
import { reproducibleFrom } from "../../data/concept-stability.ts";
import { name, oneOf, share } from "../../stores/address-field.ts";
import { pairLists, pairOrders, type PairList, type PairOrder } from "../../stores/concept-pairs.ts";
import type { View } from "../view.ts";

/** Columns of history.parquet that are drawn over the steps. */
export const curves = [
  "heldOutR2",
  "r2",
  "loss",
  "deadFraction",
  "activePerSample",
  "threshold",
  "lr",
] as const;
export type Curve = (typeof curves)[number];

export interface CompareAddress {
  curve: Curve;
  /** The dictionary that the open one is seen beside; null: one that it was matched with, else the first other. */
  against: string | null;
  /** Which of their concepts are listed, and in which order. */
  pairList: PairList;
  pairOrder: PairOrder;
  /** Least cosine of two concepts that count as the same. */
  alikeFrom: number;
}

export const compareView: View<"compare", CompareAddress> = {
  name: "compare",
  title: "Compare",
  icon: "compare",
  navigation: "listed",
  key: "d",
  needs: "study",
  fields: {
    curve: oneOf("curve", curves),
    against: name("against"),
    pairList: oneOf("pairs", pairLists),
    pairOrder: oneOf("order", pairOrders),
    alikeFrom: share("alike", reproducibleFrom),
  },
  load: async () => (await import("./compare-view.tsx")).CompareView,
};
