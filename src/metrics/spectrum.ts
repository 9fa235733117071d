/**
 * Ranks of a dictionary from its singular values σ:
 *   stableRank = ‖D‖_F² / ‖D‖₂²;  effectiveRank = exp(entropy of σ/Σσ) (Roy & Vetterli 2007).
 */
import { singularValues } from "../linalg/singular-values.ts";

export interface DictionaryRanks {
  readonly stableRank: number;
  readonly effectiveRank: number;
}

export function dictionaryRanks(atoms: Float32Array, concepts: number, dimension: number): DictionaryRanks {
  return ranksOf(singularValues(atoms, concepts, dimension));
}

export function ranksOf(values: Float64Array): DictionaryRanks {
  let squares = 0;
  let total = 0;
  for (const value of values) {
    squares += value * value;
    total += value;
  }
  let entropy = 0;
  for (const value of values) if (value > 0) entropy -= (value / total) * Math.log(value / total);
  return { stableRank: squares / values[0] ** 2, effectiveRank: Math.exp(entropy) };
}
