/** What was planted: the answer that a learned dictionary and its analysis are scored against. */
import type { Trait } from "./traits.ts";

export interface PlantedConcept extends Trait {
  /** Mean activation over picture rows and over caption rows. */
  readonly imageEnergy: number;
  readonly textEnergy: number;
  /** Rows that have the concept. */
  readonly imageRows: number;
  readonly textRows: number;
}

export interface Truth {
  readonly seed: number;
  /** d */
  readonly dimension: number;
  /** planted concepts x d, rows of unit norm */
  readonly atoms: Float32Array;
  readonly concepts: readonly PlantedConcept[];
  /** The planted bridges: a concept that only pictures have and its counterpart in captions. */
  readonly twins: readonly { readonly image: number; readonly text: number }[];
}

/** E_image / (E_image + E_text): what the modality score of a planted concept should be. */
export function plantedModality(concept: PlantedConcept): number {
  return concept.imageEnergy / (concept.imageEnergy + concept.textEnergy);
}
