/**
 * Describes a scene in a sentence, as people do: some things are left out, others said in words
 * of one's own. What was said is returned beside the words, so that embeddings can follow it.
 */
import type { Random } from "../../base/random.ts";
import { maybe } from "./scene.ts";
import type { Scene } from "./scene.ts";
import { factors } from "./vocabulary.ts";
import type { Value } from "./vocabulary.ts";

/** What a caption says, as indices into the factors; −1 where it is silent. */
export interface Said {
  readonly thing: number;
  readonly colour: number;
  readonly pattern: number;
  readonly size: number;
  readonly count: number;
  readonly background: number;
  readonly position: number;
  readonly weather: number;
  readonly extra: number;
  readonly second: number;
  readonly secondColour: number;
  readonly relation: number;
  readonly opening: number;
  readonly mood: number;
  readonly closing: number;
  readonly typing: number;
}

export interface Caption {
  readonly text: string;
  readonly said: Said;
}

/** How often a caption mentions what is there. */
const mention = {
  colour: 0.85,
  pattern: 0.75,
  size: 0.75,
  count: 0.9,
  background: 0.7,
  position: 0.6,
  weather: 0.7,
  extra: 0.75,
  second: 0.7,
  secondColour: 0.6,
} as const;

export function describe(random: Random, scene: Scene): Caption {
  const keep = (key: keyof typeof mention): number =>
    scene[key] >= 0 && random.uniform() < mention[key] ? scene[key] : -1;
  const second = keep("second");
  const said: Said = {
    thing: scene.thing,
    colour: keep("colour"),
    pattern: keep("pattern"),
    size: keep("size"),
    count: keep("count"),
    background: keep("background"),
    position: keep("position"),
    weather: keep("weather"),
    extra: keep("extra"),
    second,
    secondColour: second < 0 ? -1 : keep("secondColour"),
    relation: second < 0 ? -1 : scene.relation,
    opening: maybe(random, 0.75, factors.opening.length),
    mood: maybe(random, 0.45, factors.mood.length),
    closing: maybe(random, 0.35, factors.closing.length),
    typing: maybe(random, 0.35, factors.typing.length),
  };
  return { text: sentence(random, scene, said), said };
}

function sentence(random: Random, scene: Scene, said: Said): string {
  const word = (values: readonly Value[], index: number): string[] =>
    index < 0 ? [] : [choose(random, values[index]!.words)];
  // Every number but one is either said or hidden behind "some".
  const many = scene.count >= 0;
  const name = nameOf(random, said.thing, many);
  const main = [
    nounPhrase(
      [
        ...word(factors.mood, said.mood),
        ...word(factors.size, said.size),
        ...word(factors.colour, said.colour),
        ...word(factors.pattern, said.pattern),
        name,
      ],
      many ? (word(factors.count, said.count)[0] ?? "some") : undefined,
    ),
    ...word(factors.extra, said.extra),
  ].join(" ");
  const beside =
    said.second < 0
      ? []
      : [
          ...(said.relation < 0 ? ["with"] : word(factors.relation, said.relation)),
          nounPhrase([...word(factors.colour, said.secondColour), nameOf(random, said.second, false)]),
        ];
  const where = [
    ...word(factors.position, said.position),
    ...word(factors.background, said.background),
    ...word(factors.weather, said.weather),
  ];
  const frontable = said.opening < 0 && where.length > 0 && random.uniform() < 0.4;
  const body = frontable
    ? `${where.join(" ")}, ${[main, ...beside].join(" ")}`
    : [main, ...beside, ...where].join(" ");
  const pattern = said.opening < 0 ? "{}" : choose(random, factors.opening[said.opening]!.words);
  const opened = pattern.replace("{}", body).replace("there is", many ? "there are" : "there is");
  const closing = word(factors.closing, said.closing);
  const joined =
    closing.length === 0
      ? opened
      : opened.endsWith("?")
        ? `${opened} ${capital(closing[0]!)}`
        : `${opened}, ${closing[0]!}`;
  return typed(capital(joined), said, name);
}

function typed(line: string, said: Said, name: string): string {
  const style = said.typing < 0 ? "" : factors.typing[said.typing]!.id;
  const open = line.endsWith("?") ? line : `${line}.`;
  if (style === "exclamation") return `${line}!`;
  if (style === "capitals") return open.toUpperCase();
  if (style === "ellipsis") return `${line} …`;
  if (style === "hashtag") return `${open} #${name.replaceAll(" ", "")}`;
  if (style === "quotation marks") return `“${open}”`;
  return open;
}

function nameOf(random: Random, thing: number, many: boolean): string {
  const value = factors.thing[thing]!;
  return choose(random, many ? value.plurals : value.words);
}

function nounPhrase(words: readonly string[], determiner?: string): string {
  const phrase = words.join(" ");
  if (determiner !== undefined) return `${determiner} ${phrase}`;
  return `${/^[aeiou]/.test(phrase) ? "an" : "a"} ${phrase}`;
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** The first wording more often than the others. */
function choose(random: Random, words: readonly string[]): string {
  if (words.length === 1 || random.uniform() < 0.6) return words[0]!;
  return words[1 + random.integer(words.length - 1)]!;
}
