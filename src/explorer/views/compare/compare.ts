/** All dictionaries of the study beside each other: what they rebuild how sparsely, and how they were trained. */
import { oneOf } from "../../stores/address-field.ts";
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
}

export const compareView: View<"compare", CompareAddress> = {
  name: "compare",
  title: "Compare",
  icon: "compare",
  navigation: "listed",
  key: "d",
  needs: "study",
  fields: { curve: oneOf("curve", curves) },
  load: async () => (await import("./compare-view.tsx")).CompareView,
};
