/** Matching pursuit and its orthogonal form on the correlations of whole rows, in float64. */
import type { Encode, Pursuit } from "../backend.ts";
import { nonNegativeLeastSquares } from "./non-negative-least-squares.ts";
import type { Entry } from "./select.ts";
import { floatsOf, integersOf } from "./tensors.ts";

interface Pursued {
  /** By row, concepts ascending. */
  readonly own: Entry[][];
  readonly auxiliary: Entry[][];
}

/** `p` holds the rows' pre-activations, b x c. */
export function pursue(operation: Encode, pursuit: Pursuit, p: Float32Array): Pursued {
  const { rows, concepts: c, dimension: d, auxiliary } = operation;
  const { k, orthogonal, picks } = pursuit;
  const encoder = floatsOf(operation.encoder);
  const listed = auxiliary ? integersOf(auxiliary.listed).subarray(0, auxiliary.count) : undefined;
  const own: Entry[][] = [];
  const others: Entry[][] = [];
  const gram = (i: number, j: number): number => {
    let sum = 0;
    for (let t = 0; t < d; t++) sum += encoder[i * d + t] * encoder[j * d + t];
    return sum;
  };
  for (let i = 0; i < rows; i++) {
    const start = p.subarray(i * c, (i + 1) * c);
    const q = Float64Array.from(start);
    let steps: Entry[];
    if (orthogonal) steps = orthogonalSteps(start, q, k, gram);
    else {
      steps = plainSteps(q, k, q.keys(), gram);
      if (picks) {
        for (let s = 0; s < k; s++) {
          integersOf(picks.concept)[i * k + s] = steps[s]?.concept ?? 0;
          floatsOf(picks.value)[i * k + s] = steps[s]?.value ?? 0;
        }
      }
    }
    own.push(byConcept(steps));
    if (auxiliary && listed) others.push(byConcept(plainSteps(q, auxiliary.k, listed, gram)));
  }
  return { own, auxiliary: others };
}

type Gram = (i: number, j: number) => number;

/** Up to k steps among `candidates`, ascending; `q` is brought up to date. */
function plainSteps(q: Float64Array, k: number, candidates: Iterable<number>, gram: Gram): Entry[] {
  const among = [...candidates];
  const steps: Entry[] = [];
  while (steps.length < k) {
    const concept = largest(q, among);
    if (concept < 0) break;
    const value = q[concept];
    steps.push({ concept, value });
    for (let j = 0; j < q.length; j++) q[j] -= value * gram(concept, j);
  }
  return steps;
}

function orthogonalSteps(p: Float32Array, q: Float64Array, k: number, gram: Gram): Entry[] {
  const support: number[] = [];
  let codes: number[] = [];
  while (support.length < k) {
    const open = [...q.keys()].filter((j) => !support.includes(j));
    const concept = largest(q, open);
    if (concept < 0) break;
    support.push(concept);
    codes = nonNegativeLeastSquares(
      support.map((i) => support.map((j) => gram(i, j))),
      support.map((j) => p[j]),
    );
    for (let j = 0; j < q.length; j++) {
      q[j] = p[j];
      for (const [s, picked] of support.entries()) q[j] -= codes[s] * gram(picked, j);
    }
  }
  return support.map((concept, s) => ({ concept, value: codes[s] })).filter(({ value }) => value > 0);
}

/** The first candidate with the largest positive q, or −1. */
function largest(q: Float64Array, candidates: readonly number[]): number {
  let found = -1;
  let most = 0;
  for (const j of candidates) {
    if (q[j] > most) {
      found = j;
      most = q[j];
    }
  }
  return found;
}

/** One entry for each concept, however often it was picked. */
function byConcept(steps: readonly Entry[]): Entry[] {
  const sums = new Map<number, number>();
  for (const { concept, value } of steps) sums.set(concept, (sums.get(concept) ?? 0) + value);
  return [...sums].map(([concept, value]) => ({ concept, value })).sort((a, b) => a.concept - b.concept);
}
