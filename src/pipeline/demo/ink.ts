/** Colours and fills of the drawings. */
import type { Colour } from "./vocabulary.ts";

/** Mixes two "#rrggbb" colours: 0 gives the first, 1 the second. */
export function mix(first: string, second: string, share: number): string {
  let out = "#";
  for (let at = 1; at < 7; at += 2) {
    const a = Number.parseInt(first.slice(at, at + 2), 16);
    const b = Number.parseInt(second.slice(at, at + 2), 16);
    out += Math.round(a + (b - a) * share)
      .toString(16)
      .padStart(2, "0");
  }
  return out;
}

/** The outline that keeps a colour visible on any background. */
export function outline(colour: Colour): string {
  return colour.id === "black" ? "#777786" : mix(colour.fill, "#14141c", 0.5);
}

/** Pale on dark colours and dark on pale ones, for patterns. */
function contrast(colour: Colour): string {
  if (colour.id === "white" || colour.id === "yellow") return mix(colour.fill, "#6b5a3a", 0.5);
  return mix(colour.fill, "#ffffff", colour.id === "black" ? 0.6 : 0.62);
}

/** A `<pattern>` with the given id that paints the colour in a pattern of the vocabulary. */
export function patternFill(id: string, pattern: string, colour: Colour): string {
  const other = contrast(colour);
  const [size, drawing, transform] = tile(pattern, other);
  return (
    `<pattern id="${id}" width="${size}" height="${size}" patternUnits="userSpaceOnUse"${transform}>` +
    `<path fill="${colour.fill}" d="M0 0h${size}v${size}h-${size}Z"/>${drawing}</pattern>`
  );
}

function tile(pattern: string, other: string): [size: number, drawing: string, transform: string] {
  const stroke = `fill="none" stroke="${other}"`;
  switch (pattern) {
    case "striped":
      return [14, `<path fill="${other}" d="M0 0h6v14h-6Z"/>`, ' patternTransform="rotate(28)"'];
    case "dotted":
      return [
        18,
        `<g fill="${other}"><circle cx="4.5" cy="4.5" r="3.6"/><circle cx="13.5" cy="13.5" r="3.6"/></g>`,
        "",
      ];
    case "checked":
      return [20, `<path fill="${other}" d="M0 0h10v10h-10ZM10 10h10v10h-10Z"/>`, ""];
    case "zigzag":
      return [16, `<path ${stroke} stroke-width="4" d="M-4 12L4 4L12 12L20 4"/>`, ""];
    case "latticed":
      return [15, `<path ${stroke} stroke-width="2.6" d="M0 0L15 15M15 0L0 15"/>`, ""];
    default:
      // Two-tone: the tile is as large as the thing, so that its right half has the other colour.
      return [100, `<path fill="${other}" d="M0 0h50v100h-50Z"/>`, ""];
  }
}
