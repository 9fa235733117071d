/** The planted concepts: which directions there are, what each stands for, and where it shows. */
import { factors } from "./vocabulary.ts";
import type { Factor, Kind, Thing, Value } from "./vocabulary.ts";

/** Which rows of a planted concept exist: both modalities or one. */
export type Side = "shared" | "image" | "text";

/** One planted concept. */
export interface Trait {
  /** "colour: red"; a twin says its side: "thing: star (picture)". */
  readonly name: string;
  readonly factor: Factor;
  readonly side: Side;
  /** The other half of a twin. */
  readonly twin?: number;
}

/** Where a factor's value is planted: its concept in pictures and in captions, −1 for none. */
export interface Planting {
  readonly image: number;
  readonly text: number;
}

export interface Traits {
  readonly traits: readonly Trait[];
  readonly planted: Readonly<Record<Factor, readonly Planting[]>>;
}

/** Numbers every value of every factor, twins as two neighbours. */
export function listTraits(): Traits {
  const traits: Trait[] = [];
  const plant = (factor: Factor, id: string, kind: Kind): Planting => {
    const at = traits.length;
    const name = `${factor}: ${id}`;
    if (kind === "twin") {
      traits.push({ name: `${name} (picture)`, factor, side: "image", twin: at + 1 });
      traits.push({ name: `${name} (caption)`, factor, side: "text", twin: at });
      return { image: at, text: at + 1 };
    }
    traits.push({ name, factor, side: kind });
    return { image: kind === "text" ? -1 : at, text: kind === "image" ? -1 : at };
  };
  const names = Object.keys(factors) as Factor[];
  const planted = Object.fromEntries(
    names.map((factor) => [
      factor,
      (factors[factor] as readonly (Value | Thing)[]).map((value) => plant(factor, value.id, value.kind)),
    ]),
  ) as Record<Factor, Planting[]>;
  return { traits, planted };
}
