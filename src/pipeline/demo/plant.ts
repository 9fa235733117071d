/**
 * Embeds pictures and captions in one joint space with known structure:
 *   x = normalise(offset_M + Σ_j a_j·u_j + noise),
 * u_j the unit direction of planted concept j, a_j its activation in the picture or caption, M the
 * modality. The two halves of a twin have a cosine of 0.4 to 0.5; every other pair of directions is
 * random. All directions are orthogonal to the modality offset, as the concepts of real models
 * nearly are (arXiv 2504.11695).
 */
import { Random } from "../../base/random.ts";
import type { Activation } from "./activations.ts";
import type { Trait } from "./traits.ts";

/** Norms in units of a main thing's activation. */
const geometry = {
  /** What all rows have in common. */
  common: 1,
  /** Half the distance between the two modalities' offsets. */
  halfGap: 0.6,
  /** Expected norm of the noise. */
  noise: 0.3,
  twinCosine: { lowest: 0.4, highest: 0.5 },
} as const;

export interface Directions {
  readonly dimension: number;
  /** planted concepts x d, rows of unit norm */
  readonly atoms: Float32Array;
  /** d: the norms are those of `geometry`. */
  readonly offset: { readonly image: Float32Array; readonly text: Float32Array };
}

export function drawDirections(random: Random, traits: readonly Trait[], dimension: number): Directions {
  const gap = unit(random, dimension);
  const common = orthogonalUnit(random, dimension, [gap]);
  const atoms = new Float32Array(traits.length * dimension);
  for (let j = 0; j < traits.length; j++) {
    const twin = traits[j]!.twin;
    if (twin === undefined || twin > j) {
      atoms.set(orthogonalUnit(random, dimension, [gap, common]), j * dimension);
    } else {
      const first = Float64Array.from(atoms.subarray(twin * dimension, (twin + 1) * dimension));
      const away = orthogonalUnit(random, dimension, [gap, common, first]);
      const { lowest, highest } = geometry.twinCosine;
      const cosine = lowest + (highest - lowest) * random.uniform();
      const sine = Math.sqrt(1 - cosine * cosine);
      for (let i = 0; i < dimension; i++) atoms[j * dimension + i] = cosine * first[i]! + sine * away[i]!;
    }
  }
  const offset = (side: number): Float32Array =>
    Float32Array.from(common, (v, i) => geometry.common * v + side * geometry.halfGap * gap[i]!);
  return { dimension, atoms, offset: { image: offset(1), text: offset(-1) } };
}

/**
 * Writes one row of unit norm to `out` at `at` (in numbers) and returns what its activations were
 * divided by.
 */
export function embed(
  random: Random,
  directions: Directions,
  modality: "image" | "text",
  activations: readonly Activation[],
  out: Float32Array,
  at: number,
): number {
  const { dimension: d, atoms } = directions;
  const row = Float64Array.from(directions.offset[modality]);
  for (const { trait, value } of activations) {
    for (let i = 0; i < d; i++) row[i]! += value * atoms[trait * d + i]!;
  }
  const deviation = geometry.noise / Math.sqrt(d);
  for (let i = 0; i < d; i++) row[i]! += deviation * random.normal();
  const norm = Math.hypot(...row);
  for (let i = 0; i < d; i++) out[at + i] = row[i]! / norm;
  return norm;
}

function unit(random: Random, dimension: number): Float64Array {
  return orthogonalUnit(random, dimension, []);
}

/** A random unit vector orthogonal to the given unit vectors, which are orthogonal to each other. */
function orthogonalUnit(random: Random, dimension: number, others: readonly Float64Array[]): Float64Array {
  const v = Float64Array.from({ length: dimension }, () => random.normal());
  for (const other of others) {
    let dot = 0;
    for (let i = 0; i < dimension; i++) dot += v[i]! * other[i]!;
    for (let i = 0; i < dimension; i++) v[i]! -= dot * other[i]!;
  }
  const norm = Math.hypot(...v);
  return v.map((value) => value / norm);
}
