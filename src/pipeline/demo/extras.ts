/** What the main things wear, placed at a glyph's head or face. */
import type { Glyph } from "./glyphs.ts";

const sparkle = (x: number, y: number, r: number): string =>
  `M${x} ${y - r}l${r * 0.28} ${r * 0.72}l${r * 0.72} ${r * 0.28}l${-r * 0.72} ${r * 0.28}l${-r * 0.28} ${r * 0.72}l${-r * 0.28} ${-r * 0.72}l${-r * 0.72} ${-r * 0.28}l${r * 0.72} ${-r * 0.28}Z`;

const drawings: Readonly<Record<string, { at: "top" | "face" | "middle"; svg: string }>> = {
  smile: {
    at: "face",
    svg: '<circle cx="-10" cy="-6" r="5.2" fill="#fff"/><circle cx="10" cy="-6" r="5.2" fill="#fff"/><circle cx="-9" cy="-5" r="2.8" fill="#1c1c24"/><circle cx="11" cy="-5" r="2.8" fill="#1c1c24"/><path d="M-12 5C-6 15 6 15 12 5" fill="#fff" stroke="#1c1c24" stroke-width="3" stroke-linecap="round"/>',
  },
  crown: {
    at: "top",
    svg: '<path d="M-20 5L-24-19L-11-9L0-25L11-9L24-19L20 5Z" fill="#f8cc3c" stroke="#8d6410" stroke-width="2.5" stroke-linejoin="round"/><circle cx="0" cy="-5" r="3.5" fill="#d8342f"/>',
  },
  sparkles: {
    at: "middle",
    svg: `<path d="${sparkle(-38, -30, 15)}${sparkle(40, -14, 12)}${sparkle(-30, 36, 11)}${sparkle(30, 38, 15)}${sparkle(8, -46, 9)}" fill="#fff8c9" stroke="#d19a1e" stroke-width="1.8" stroke-linejoin="round"/>`,
  },
  bow: {
    at: "top",
    svg: '<path d="M0 0L-22-13V13ZM0 0L22-13V13ZM-3 3L-12 26L-4 23L0 6L4 23L12 26L3 3Z" fill="#e8458b" stroke="#7d1646" stroke-width="2.4" stroke-linejoin="round"/><circle r="5.5" fill="#f58cba" stroke="#7d1646" stroke-width="2"/>',
  },
  "party hat": {
    at: "top",
    svg: '<path d="M-17 5L0-34L17 5Z" fill="#49b6d6" stroke="#145a70" stroke-width="2.4" stroke-linejoin="round"/><path d="M-12-6L12 0M-7-18L9-12" stroke="#fff" stroke-width="4"/><circle cy="-35" r="6" fill="#f7d23e" stroke="#8d6410" stroke-width="1.6"/>',
  },
  flag: {
    at: "top",
    svg: '<path d="M0 10V-38" stroke="#4a3a2a" stroke-width="4" stroke-linecap="round"/><path d="M2-38L34-28L2-17Z" fill="#36a860" stroke="#14502b" stroke-width="2" stroke-linejoin="round"/>',
  },
};

export function drawExtra(extra: string, glyph: Glyph): string {
  const { at, svg } = drawings[extra]!;
  const [x, y] = at === "top" ? glyph.top : at === "face" ? glyph.face : [0, 0];
  return `<g transform="translate(${x} ${y})">${svg}</g>`;
}
