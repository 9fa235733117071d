/**
 * Energy of concepts: E[z], for signed codes E|z| (arXiv 2504.11695), pooled over samples or with both modalities weighing
 * the same, and E[z²] (arXiv 2602.06218). One value per concept, in units of activation (squared).
 */
import { mergeActivity, type ConceptActivity } from "./concept-activity.ts";

/** Energy over the rows of one set. */
export function energy(activity: ConceptActivity): Float64Array {
  return activity.sum.map((value) => value / activity.rows);
}

/** E[z] with signs kept, of which the mean reconstruction is made: E[x̂] = E[z]ᵀD + bias. */
export function meanCode(activity: ConceptActivity): Float64Array {
  return activity.signedSum.map((value) => value / activity.rows);
}

/** Energy over the rows of both modalities together. */
export function energyPooled(image: ConceptActivity, text: ConceptActivity): Float64Array {
  return energy(mergeActivity(image, text));
}

/** ½(E_image[z] + E_text[z]). */
export function energyBalanced(image: ConceptActivity, text: ConceptActivity): Float64Array {
  const ofText = energy(text);
  return energy(image).map((value, j) => (value + ofText[j]) / 2);
}

/** E[z²] over the rows of one set. */
export function energySquared(activity: ConceptActivity): Float64Array {
  return activity.squares.map((value) => value / activity.rows);
}

/** ‖E[z]·atom‖: energy weighed by the atom's norm (overcomplete's `energy_of_codes`). */
export function energyByAtomNorm(
  energies: Float64Array,
  atoms: Float32Array,
  dimension: number,
): Float64Array {
  return energies.map((value, i) => {
    let squared = 0;
    for (let j = 0; j < dimension; j++) squared += atoms[i * dimension + j] ** 2;
    return Math.abs(value) * Math.sqrt(squared);
  });
}

/** Share of rows on which each concept is active, in [0, 1]. */
export function frequency(activity: ConceptActivity): Float64Array {
  return Float64Array.from(activity.active, (value) => value / activity.rows);
}
