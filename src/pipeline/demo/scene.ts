/** Draws what a scene holds: one answer, or none, for every factor that pictures have. */
import type { Random } from "../../base/random.ts";
import { factors } from "./vocabulary.ts";

/** Indices into the vocabulary's factors; −1 where the scene has no answer. */
export interface Scene {
  readonly thing: number;
  readonly colour: number;
  readonly pattern: number;
  readonly size: number;
  /** −1 means one. */
  readonly count: number;
  readonly background: number;
  readonly position: number;
  readonly weather: number;
  readonly extra: number;
  /** A second thing and how the main ones stand to it. */
  readonly second: number;
  readonly secondColour: number;
  readonly relation: number;
  readonly light: number;
  readonly grain: number;
  readonly frame: number;
  readonly stroke: number;
  readonly mark: number;
  /** Seeds the details of the drawing that are no concept. */
  readonly detail: number;
}

/** How often pictures answer a factor at all. */
const presence = {
  pattern: 0.55,
  size: 0.5,
  count: 0.5,
  background: 0.9,
  position: 0.4,
  second: 0.4,
  relation: 0.6,
  weather: 0.4,
  extra: 0.35,
  light: 0.45,
  grain: 0.45,
  frame: 0.5,
  stroke: 0.4,
  mark: 0.4,
} as const;

/** A few answers are common and many rare: the weight of answer r is (r + 4)^−0.8. */
export function draw(random: Random, answers: number): number {
  let total = 0;
  for (let r = 0; r < answers; r++) total += weight(r);
  let left = random.uniform() * total;
  for (let r = 0; r < answers - 1; r++) {
    left -= weight(r);
    if (left < 0) return r;
  }
  return answers - 1;
}

function weight(rank: number): number {
  return (rank + 4) ** -0.8;
}

/** An answer with the given probability, else −1. */
export function maybe(random: Random, probability: number, answers: number): number {
  return random.uniform() < probability ? draw(random, answers) : -1;
}

export function drawScene(random: Random): Scene {
  const thing = draw(random, factors.thing.length);
  const colour = draw(random, factors.colour.length);
  let second = maybe(random, presence.second, factors.thing.length);
  if (second === thing) second = -1;
  let secondColour = draw(random, factors.colour.length);
  if (secondColour === colour) secondColour = (secondColour + 1) % factors.colour.length;
  const at = (key: Exclude<keyof typeof presence, "second">): number =>
    maybe(random, presence[key], factors[key].length);
  return {
    thing,
    colour,
    pattern: at("pattern"),
    size: at("size"),
    count: at("count"),
    background: at("background"),
    position: at("position"),
    weather: at("weather"),
    extra: at("extra"),
    second,
    secondColour: second < 0 ? -1 : secondColour,
    relation: second < 0 ? -1 : at("relation"),
    light: at("light"),
    grain: at("grain"),
    frame: at("frame"),
    stroke: at("stroke"),
    mark: at("mark"),
    detail: random.uint32(),
  };
}
