/** How strongly a picture and a caption activate the planted concepts. */
import type { Random } from "../../base/random.ts";
import type { Said } from "./caption.ts";
import type { Scene } from "./scene.ts";
import type { Planting, Traits } from "./traits.ts";
import { factors } from "./vocabulary.ts";

export interface Activation {
  readonly trait: number;
  readonly value: number;
}

/** Typical activation of each factor's concepts, in units of a main thing's. */
const strength = {
  thing: 1,
  colour: 0.85,
  pattern: 0.7,
  size: 0.65,
  count: 0.7,
  background: 0.85,
  position: 0.65,
  relation: 0.65,
  weather: 0.7,
  extra: 0.7,
  light: 0.65,
  grain: 0.65,
  frame: 0.65,
  stroke: 0.65,
  mark: 0.65,
  opening: 0.75,
  mood: 0.7,
  closing: 0.7,
  typing: 0.7,
} as const;

/** A second thing and its colour count for less than the first. */
const secondShare = 0.75;

/** Small things are seen less: factor on thing and colour, by size. */
const prominence: Readonly<Record<string, number>> = { tiny: 0.85, small: 0.92, large: 1.08, huge: 1.15 };

type Answers = Partial<Record<keyof typeof strength, number>> & {
  readonly second: number;
  readonly secondColour: number;
};

export function pictureActivations(random: Random, { planted }: Traits, scene: Scene): Activation[] {
  return activate(random, planted, scene, "image", prominence[factors.size[scene.size]?.id ?? ""] ?? 1);
}

export function captionActivations(random: Random, { planted }: Traits, said: Said): Activation[] {
  return activate(random, planted, said, "text", 1);
}

function activate(
  random: Random,
  planted: Readonly<Record<keyof typeof strength, readonly Planting[]>>,
  answers: Answers,
  side: keyof Planting,
  prominent: number,
): Activation[] {
  const found: Activation[] = [];
  const add = (factor: keyof typeof strength, answer: number | undefined, share: number): void => {
    if (answer === undefined || answer < 0) return;
    const trait = planted[factor][answer]![side];
    const value = strength[factor] * share * (0.75 + 0.5 * random.uniform());
    if (trait >= 0) found.push({ trait, value });
  };
  for (const factor of Object.keys(strength) as (keyof typeof strength)[]) {
    const shown = factor === "thing" || factor === "colour" ? prominent : 1;
    add(factor, answers[factor], shown);
  }
  add("thing", answers.second, secondShare);
  add("colour", answers.secondColour, secondShare);
  return found;
}
