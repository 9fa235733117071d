/** The options that every factorisation has, and what it makes of them. */
import { badUsage } from "../../base/errors.ts";
import type { Centring } from "../learner.ts";
import { between, centring, whole } from "../option-values.ts";

export interface FactorizationConfig {
  readonly learner: string;
  /** c */
  readonly concepts: number;
  readonly center: Centring;
  readonly seed: number;
  /** Share of rows that are only evaluated. */
  readonly heldOut: number;
}

/** The schema of these options, to be spread into a method's own. */
export const factorizationOptions = {
  concepts: whole(1),
  center: centring(),
  seed: whole(0),
  heldOut: between(0, 0.9),
} as const;

export interface SetSize {
  readonly rows: number;
  readonly dimension: number;
}

/** `most`: how many concepts the method can find at most; the default number of concepts, too. */
export function factorizationConfig(
  learner: string,
  given: {
    readonly concepts?: number | undefined;
    readonly center?: Centring | undefined;
    readonly seed?: number | undefined;
    readonly heldOut?: number | undefined;
  },
  { most, concepts = most, center = "global" }: { most: number; concepts?: number; center?: Centring },
): FactorizationConfig {
  const chosen = given.concepts ?? concepts;
  if (chosen > most) throw badUsage(`concepts is ${chosen}; ${learner} finds at most ${most} here`);
  return {
    learner,
    concepts: chosen,
    center: given.center ?? center,
    seed: given.seed ?? 0,
    heldOut: given.heldOut ?? 0.1,
  };
}

/** Rows left to learn from. */
export function trainRowsOf({ rows }: Pick<SetSize, "rows">, heldOut = 0.1): number {
  return rows - Math.round(heldOut * rows);
}
