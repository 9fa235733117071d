/** What nmf, semi-nmf and convex-nmf share: options, limits, a start and the turns of two factors. */
import type { Random } from "../../base/random.ts";
import type { Backend } from "../../kernels/backend.ts";
import { checkGramConcepts } from "../coding/least-squares.ts";
import { between, oneOf, whole } from "../option-values.ts";
import { alternate, type AlternateConfig } from "./alternate.ts";
import { Factors, type FactorShape } from "./factors.ts";
import type { Start } from "./nndsvd.ts";
import { factorizationOptions, trainRowsOf } from "./options.ts";
import type { FactorizationConfig, SetSize } from "./options.ts";
import type { Observed } from "./report-step.ts";
import { checkHeld } from "./training-matrix.ts";

export type Solver = "cd" | "multiplicative";

export interface AlternatingConfig extends AlternateConfig {
  readonly solver: Solver;
}

export const alternatingOptions = {
  ...factorizationOptions,
  solver: oneOf("cd", "multiplicative"),
  iterations: whole(1),
  tolerance: between(0, 1),
} as const;

/** What the three hold for every training row, and what every pair of concepts takes, has to fit. */
export function checkFactors(
  set: SetSize,
  { concepts, heldOut }: FactorizationConfig,
  width = set.dimension,
): void {
  const rows = trainRowsOf(set, heldOut);
  checkHeld(rows, width, width === set.dimension ? "the embeddings" : "positive and negative parts");
  checkHeld(rows, concepts, "the codes");
  checkGramConcepts(concepts);
}

/** Concepts of the non-negative factorisations where none are asked for. */
export function usualConcepts(most: number, dimension: number): number {
  return Math.min(most, dimension, 256);
}

/** Their values where none are given; so many turns at most by default. */
export function alternatingConfig(
  given: {
    readonly solver?: Solver | undefined;
    readonly iterations?: number | undefined;
    readonly tolerance?: number | undefined;
  },
  iterations: number,
): AlternatingConfig {
  return {
    solver: given.solver ?? "cd",
    iterations: given.iterations ?? iterations,
    tolerance: given.tolerance ?? 1e-4,
  };
}

export interface Factorised extends Start {
  readonly steps: number;
  readonly ended: string;
}

/** Z and D from a start. */
export type Factorise = (
  shape: FactorShape,
  x: Float32Array,
  start: Start,
  config: AlternatingConfig,
  context: Observed & { readonly backend: Backend },
) => Promise<Factorised>;

/** By the turns of the chosen solver, each of which gives Σ(x − x̂)² afterwards. */
export function factoriseBy(
  turns: Readonly<Record<Solver, (factors: Factors) => Promise<number>>>,
): Factorise {
  return async (shape, x, start, config, context) => {
    const factors = new Factors(context.backend, shape, x, start);
    try {
      const done = await alternate(() => turns[config.solver](factors), shape.rows, config, context);
      return { codes: factors.codes, atoms: factors.atoms, ...done };
    } finally {
      factors.free();
    }
  };
}

/** |N(0, 1)|·√(mean X / c) in both factors, as scikit-learn's `init="random"`. */
export function randomStart(
  { rows: n, width: w, concepts: c }: FactorShape,
  x: Float32Array,
  random: Random,
): Start {
  let sum = 0;
  for (const value of x) sum += Math.abs(value);
  const scale = Math.sqrt(sum / x.length / c);
  const draw = (length: number): Float32Array =>
    Float32Array.from({ length }, () => Math.abs(random.normal()) * scale);
  const atoms = draw(c * w);
  return { codes: draw(n * c), atoms };
}
