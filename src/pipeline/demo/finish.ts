/** What lies over a picture and no caption mentions: light, surface, frame and marks of use. */
import type { Random } from "../../base/random.ts";

type Draw = (random: Random) => string;

const all = (fill: string, opacity: number): string =>
  `<rect width="200" height="200" fill="${fill}" opacity="${opacity}"/>`;

function gradient(id: string, kind: "linear" | "radial", place: string, stops: readonly string[]): string {
  const inner = stops
    .map((stop) => {
      const [offset, colour, opacity] = stop.split(" ");
      return `<stop offset="${offset}" stop-color="${colour}" stop-opacity="${opacity}"/>`;
    })
    .join("");
  return `<${kind}Gradient id="${id}" ${place}>${inner}</${kind}Gradient><rect width="200" height="200" fill="url(#${id})"/>`;
}

export const light: Readonly<Record<string, Draw>> = {
  "warm light": () => all("#ff8a1f", 0.24),
  "cold light": () => all("#2f6dff", 0.22),
  spotlight: () => gradient("li", "radial", 'r=".62"', [".45 #000 0", "1 #05040c .82"]),
  dusk: () => gradient("li", "linear", 'x2="0" y2="1"', ["0 #150f3a .72", "1 #3a1d4a .15"]),
  "light from the left": () => gradient("li", "linear", "", ["0 #fffbe6 .7", ".5 #fff 0", "1 #000 .42"]),
  "light leak": (random) =>
    gradient("li", "radial", `cx="${random.integer(2)}" cy=".${2 + random.integer(6)}" r=".6"`, [
      "0 #ffd25e .95",
      ".5 #ff5a2e .5",
      "1 #ff2e5a 0",
    ]),
};

export const grain: Readonly<Record<string, Draw>> = {
  "film grain": (random) => {
    let dark = "";
    let pale = "";
    for (let i = 0; i < 130; i++) {
      dark += `M${random.integer(200)} ${random.integer(200)}h1.6`;
      pale += `M${random.integer(200)} ${random.integer(200)}h1.6`;
    }
    return `<path d="${dark}" stroke="#000" stroke-width="1.6" opacity=".42"/><path d="${pale}" stroke="#fff" stroke-width="1.6" opacity=".6"/>`;
  },
  "canvas weave": () =>
    '<pattern id="gr" width="5" height="5" patternUnits="userSpaceOnUse"><path d="M0 1h3M4 3v3M4-1v1" stroke="#3a2c18" stroke-width="1.1"/></pattern><rect width="200" height="200" fill="url(#gr)" opacity=".4"/>',
  "ruled paper": () => {
    let d = "";
    for (let y = 14; y < 200; y += 14) d += `M0 ${y}H200`;
    return `<path d="${d}" stroke="#3f7bd0" stroke-width="1.1" opacity=".6"/><path d="M22 0V200" stroke="#d8424a" stroke-width="1.6" opacity=".7"/>`;
  },
  "squared paper": () => {
    let d = "";
    for (let at = 10; at < 200; at += 12.5) d += `M0 ${at}H200M${at} 0V200`;
    return `<path d="${d}" stroke="#2c8fae" stroke-width=".9" opacity=".6"/>`;
  },
  "halftone dots": () =>
    '<pattern id="gr" width="7" height="7" patternUnits="userSpaceOnUse" patternTransform="rotate(20)"><circle cx="3.5" cy="3.5" r="1.7" fill="#141420"/></pattern><rect width="200" height="200" fill="url(#gr)" opacity=".34"/>',
  scratches: (random) => {
    let d = "";
    for (let i = 0; i < 13; i++) {
      d += `M${random.integer(200)} ${random.integer(120)}l${random.integer(14) - 7} ${30 + random.integer(60)}`;
    }
    return `<path d="${d}" stroke="#fff" stroke-width="1.3" opacity=".85"/>`;
  },
};

export const frame: Readonly<Record<string, Draw>> = {
  "thin frame": () =>
    '<rect x="7" y="7" width="186" height="186" fill="none" stroke="#3b2f2a" stroke-width="3"/>',
  "white margin": () =>
    '<rect x="8" y="8" width="184" height="184" fill="none" stroke="#fff" stroke-width="16"/>',
  "black bars": () => '<path d="M0 0H200V24H0ZM0 176H200V200H0Z" fill="#0c0c10"/>',
  "double frame": () =>
    '<path d="M5 5H195V195H5ZM13 13H187V187H13Z" fill="none" stroke="#a5782f" stroke-width="4"/>',
  "photo corners": () =>
    '<path d="M0 0H36L0 36ZM200 0V36L164 0ZM0 200V164L36 200ZM200 200H164L200 164Z" fill="#24242c"/>',
  "instant photo": () =>
    '<path fill-rule="evenodd" d="M0 0H200V200H0ZM12 12V158H188V12Z" fill="#fcfbf7"/><path d="M12 12H188V158H12Z" fill="none" stroke="#d5d2c8" stroke-width="1.5"/>',
  "stamp edge": () =>
    '<path d="M4 4H196V196H4Z" fill="none" stroke="#fff" stroke-width="12"/><path d="M0 0H200V200H0Z" fill="none" stroke="#55555f" stroke-width="11" stroke-linecap="round" stroke-dasharray=".1 16.6"/>',
};

export const mark: Readonly<Record<string, Draw>> = {
  "date imprint": (random) =>
    `<text x="186" y="180" text-anchor="end" font-family="monospace" font-weight="700" font-size="15" fill="#ff7a1a" stroke="#4a1a00" stroke-width=".4">${10 + random.integer(18)}.${1 + random.integer(9)}.'${80 + random.integer(19)}</text>`,
  "coffee ring": (random) =>
    `<circle cx="${40 + random.integer(120)}" cy="${40 + random.integer(120)}" r="38" fill="#8a5a2b" fill-opacity=".1" stroke="#6e431c" stroke-width="5" stroke-dasharray="150 8 60 4" opacity=".62"/>`,
  fold: (random) => {
    const x = 70 + random.integer(60);
    return `<path d="M${x} 0V200M0 ${x + 10}H200" stroke="#fff" stroke-width="2.5" opacity=".8"/><path d="M${x + 2.5} 0V200M0 ${x + 12.5}H200" stroke="#000" stroke-width="2.5" opacity=".3"/>`;
  },
  pin: () =>
    '<path d="M103 22l10 16" stroke="#55555f" stroke-width="2.5"/><circle cx="100" cy="16" r="10" fill="#d92b4b" stroke="#7c1128" stroke-width="1.5"/><circle cx="97" cy="13" r="3" fill="#fff" opacity=".8"/>',
  postmark: () =>
    '<g fill="none" stroke="#26346b" stroke-width="2.4" opacity=".78" transform="rotate(-12 150 46)"><circle cx="158" cy="44" r="27"/><circle cx="158" cy="44" r="19"/><path d="M60 34q9-7 18 0t18 0t18 0t16 0M60 46q9-7 18 0t18 0t18 0t16 0M60 58q9-7 18 0t18 0t18 0t16 0M146 44h24"/></g>',
  "torn corner": () =>
    '<path d="M200 0V66L190 60L184 48L172 44L168 30L154 26L150 12L138 8L136 0Z" fill="#fff"/><path d="M200 66L190 60L184 48L172 44L168 30L154 26L150 12L138 8L136 0" fill="none" stroke="#8b867c" stroke-width="2"/>',
};
