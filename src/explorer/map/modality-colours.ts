/**
 * The colour of a modality score: blue for captions, grey between, orange for pictures. Blue and
 * orange differ for every common kind of colour blindness; lightness is alike on both sides.
 */
export type Theme = "light" | "dark";
export type Rgb = readonly [red: number, green: number, blue: number];

/** Stops at scores 0, ¼, ½, ¾ and 1. */
const stops: Record<Theme, readonly Rgb[]> = {
  light: [
    [32, 96, 188],
    [126, 166, 218],
    [193, 197, 204],
    [238, 172, 104],
    [214, 96, 8],
  ],
  dark: [
    [82, 156, 255],
    [92, 132, 184],
    [128, 134, 144],
    [196, 142, 84],
    [255, 148, 46],
  ],
};

/** Concepts that are never active have no score. */
export const withoutScore: Record<Theme, Rgb> = { light: [206, 209, 214], dark: [74, 79, 88] };

export function modalityColour(score: number, theme: Theme): Rgb {
  return Number.isNaN(score) ? withoutScore[theme] : mixedStops(stops[theme], score);
}

/** The colour at a position from 0 to 1 among stops that are equally far apart. */
export function mixedStops(colours: readonly Rgb[], position: number): Rgb {
  const place = Math.min(1, Math.max(0, position)) * (colours.length - 1);
  const lower = Math.min(Math.floor(place), colours.length - 2);
  const share = place - lower;
  const from = colours[lower]!;
  const to = colours[lower + 1]!;
  return [0, 1, 2].map((k) => Math.round(from[k]! + share * (to[k]! - from[k]!))) as unknown as Rgb;
}

export function cssColour([red, green, blue]: Rgb, opacity = 1): string {
  return opacity === 1 ? `rgb(${red} ${green} ${blue})` : `rgb(${red} ${green} ${blue} / ${opacity})`;
}

/** The whole scale as a CSS gradient, score 0 on the left. */
export function modalityGradient(theme: Theme): string {
  return `linear-gradient(90deg, ${stops[theme].map((stop) => cssColour(stop)).join(", ")})`;
}

/** A modality score in words; `active` counts the rows on which the concept is, where one is meant. */
export function modalityWords(score: number, active?: { image: number; text: number }): string {
  if (Number.isNaN(score)) return "never active";
  if (active?.text === 0) return "pictures only";
  if (active?.image === 0) return "captions only";
  if (score >= 0.95) return "almost only pictures";
  if (score >= 0.65) return "mostly pictures";
  if (score > 0.35) return "both";
  if (score > 0.05) return "mostly captions";
  return "almost only captions";
}
