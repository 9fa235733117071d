/** What each concept of a dictionary did over the whole embedding set. */
import type { Modality } from "../../base/rows.ts";
import type { SparseCodes } from "../../base/sparse-codes.ts";
import { conceptActivity } from "../../metrics/concept-activity.ts";
import { energyPooled } from "../../metrics/energy.ts";
import { modalityScore } from "../../metrics/modality-score.ts";

export interface ConceptStatistics {
  /** c: E[z] over all rows. */
  readonly energy: Float64Array;
  /** c: in [0, 1], 1 = images only; NaN for concepts that are never active. */
  readonly modalityScore: Float64Array;
}

export function conceptStatistics(codes: Readonly<Record<Modality, SparseCodes>>): ConceptStatistics {
  const image = conceptActivity(codes.image);
  const text = conceptActivity(codes.text);
  return { energy: energyPooled(image, text), modalityScore: modalityScore(image, text) };
}
