/** Draws a scene as one SVG file: small, without scripts, with a title for those who cannot see it. */
import { Random } from "../../base/random.ts";
import { drawBackground, drawWeather } from "./backdrop.ts";
import { drawExtra } from "./extras.ts";
import * as finish from "./finish.ts";
import { glyphs } from "./glyphs.ts";
import { outline, patternFill } from "./ink.ts";
import { arrange } from "./layout.ts";
import type { Place } from "./layout.ts";
import type { Scene } from "./scene.ts";
import { factors } from "./vocabulary.ts";
import type { Value } from "./vocabulary.ts";

export function drawPicture(scene: Scene): string {
  const random = Random.of(scene.detail, "picture");
  const id = (values: readonly Value[], index: number): string | undefined => values[index]?.id;
  const layout = arrange(random, scene);
  const background = drawBackground(random, id(factors.background, scene.background));
  const weather = drawWeather(random, id(factors.weather, scene.weather));
  const parts = [
    style(scene),
    background,
    weather.behind,
    layout.second === undefined ? "" : second(scene, layout.second),
    mains(scene, layout.mains),
    weather.before,
    over(finish.light, id(factors.light, scene.light), random),
    over(finish.grain, id(factors.grain, scene.grain), random),
    over(finish.frame, id(factors.frame, scene.frame), random),
    over(finish.mark, id(factors.mark, scene.mark), random),
  ];
  return (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 200 200" width="200" height="200" role="img">' +
    `<title>${title(scene)}</title>${parts.join("")}</svg>\n`
  );
}

/** A plain sentence of what is seen: "two small red striped stars above a blue house, on a beach". */
export function title(scene: Scene): string {
  const id = (values: readonly Value[], index: number): string[] =>
    index < 0 ? [] : [values[index]!.words[0]!];
  const thing = factors.thing[scene.thing]!;
  const main = [
    id(factors.count, scene.count)[0] ?? "one",
    ...id(factors.size, scene.size),
    factors.colour[scene.colour]!.id,
    ...id(factors.pattern, scene.pattern),
    scene.count < 0 ? thing.words[0]! : thing.plurals[0]!,
    ...id(factors.extra, scene.extra),
  ];
  const other =
    scene.second < 0
      ? []
      : [
          id(factors.relation, scene.relation)[0] ?? "with",
          `one ${factors.colour[scene.secondColour]!.id} ${factors.thing[scene.second]!.words[0]}`,
        ];
  const place = [
    ...id(factors.position, scene.position),
    ...id(factors.background, scene.background),
    ...id(factors.weather, scene.weather),
  ];
  return [[...main, ...other].join(" "), ...place].join(", ");
}

function style(scene: Scene): string {
  const ink = outline(factors.colour[scene.colour]!);
  const pattern = factors.pattern[scene.pattern]?.id;
  const fill = pattern === undefined ? "" : patternFill("p", pattern, factors.colour[scene.colour]!);
  return `<style>.i{fill:none;stroke:${ink};stroke-width:3;stroke-linecap:round}.k{fill:${ink}}.l{fill:#fdf6dc}</style><defs>${fill}</defs>`;
}

function mains(scene: Scene, places: readonly Place[]): string {
  const glyph = glyphs[factors.thing[scene.thing]!.id]!;
  const colour = factors.colour[scene.colour]!;
  const stroke = factors.stroke[scene.stroke]?.id;
  const fill = scene.pattern < 0 ? colour.fill : "url(#p)";
  const pen =
    stroke === "thick outline"
      ? 'stroke="#17171f" stroke-width="8"'
      : stroke === "dashed outline"
        ? `stroke="${outline(colour)}" stroke-width="5" stroke-dasharray="9 6"`
        : `stroke="${outline(colour)}" stroke-width="2.5"`;
  const shape = (attributes: string): string =>
    `<path d="${glyph.body}" fill-rule="evenodd" stroke-linejoin="round" ${attributes}/>`;
  const under =
    stroke === "drop shadow"
      ? shape('fill="#10101a" opacity=".42" transform="translate(11 12)"')
      : stroke === "white halo"
        ? shape('fill="#fff" stroke="#fff" stroke-width="20"')
        : stroke === "double exposure"
          ? shape(`fill="${colour.fill}" opacity=".38" transform="translate(24 -14)"`)
          : "";
  const extra = scene.extra < 0 ? "" : drawExtra(factors.extra[scene.extra]!.id, glyph);
  const drawing = `${under}${shape(`fill="${fill}" ${pen}`)}${glyph.detail}${extra}`;
  const [first, ...rest] = places as [Place, ...Place[]];
  return (
    `<g transform="${transform(first)}"><g id="m">${drawing}</g></g>` +
    rest.map((place) => `<use href="#m" transform="${transform(place)}"/>`).join("")
  );
}

function second(scene: Scene, place: Place): string {
  const glyph = glyphs[factors.thing[scene.second]!.id]!;
  const colour = factors.colour[scene.secondColour]!;
  const ink = outline(colour);
  return `<g transform="${transform(place)}"><path d="${glyph.body}" fill-rule="evenodd" stroke-linejoin="round" fill="${colour.fill}" stroke="${ink}" stroke-width="3"/>${recoloured(glyph.detail ?? "", ink)}</g>`;
}

/** The classes of details stand for the main thing's ink; the second thing has its own. */
function recoloured(detail: string, ink: string): string {
  return detail
    .replaceAll('class="i"', `fill="none" stroke="${ink}" stroke-width="3" stroke-linecap="round"`)
    .replaceAll('class="k"', `fill="${ink}"`);
}

function transform({ x, y, scale, turn }: Place): string {
  return `translate(${x.toFixed(1)} ${y.toFixed(1)}) rotate(${turn}) scale(${scale.toFixed(3)})`;
}

function over(
  drawings: Readonly<Record<string, (random: Random) => string>>,
  id: string | undefined,
  random: Random,
): string {
  return id === undefined ? "" : drawings[id]!(random);
}
