/**
 * How things look: one silhouette each, in a box from −50 to 50, filled with the thing's colour and
 * pattern, and details on top. Details are drawn in ink (`i`), light (`l`) or ground colours.
 */
export interface Glyph {
  /** Path data of the filled silhouette. */
  readonly body: string;
  /** SVG elements over it. */
  readonly detail?: string;
  /** Where a hat sits, and where a face does. */
  readonly top: readonly [number, number];
  readonly face: readonly [number, number];
}

const line = (d: string): string => `<path class="i" d="${d}"/>`;
const spot = (x: number, y: number, r: number): string => `<circle class="k" cx="${x}" cy="${y}" r="${r}"/>`;
const glow = (d: string): string => `<path class="l" d="${d}"/>`;

function glyph(
  body: string,
  detail = "",
  top: readonly [number, number] = [0, -42],
  face: readonly [number, number] = [0, 0],
): Glyph {
  return { body, detail, top, face };
}

function regular(corners: number, radius: number, inner?: number): string {
  const points: string[] = [];
  const steps = inner === undefined ? corners : 2 * corners;
  for (let s = 0; s < steps; s++) {
    const r = inner !== undefined && s % 2 === 1 ? inner : radius;
    const angle = -Math.PI / 2 + (2 * Math.PI * s) / steps;
    points.push(`${(r * Math.cos(angle)).toFixed(1)} ${(r * Math.sin(angle)).toFixed(1)}`);
  }
  return `M${points.join("L")}Z`;
}

function disc(x: number, y: number, r: number): string {
  return `M${x - r} ${y}a${r} ${r} 0 1 0 ${2 * r} 0a${r} ${r} 0 1 0 ${-2 * r} 0Z`;
}

/** By the thing's id in the vocabulary. */
export const glyphs: Readonly<Record<string, Glyph>> = {
  circle: glyph(disc(0, 0, 42)),
  square: glyph("M-38-38H38V38H-38Z", "", [0, -38]),
  star: glyph(regular(5, 48, 21), "", [0, -46], [0, 1]),
  heart: glyph(
    "M0 42C-14 28-46 10-46-14C-46-32-34-40-23-40C-12-40-4-34 0-25C4-34 12-40 23-40C34-40 46-32 46-14C46 10 14 28 0 42Z",
    "",
    [0, -30],
    [0, -8],
  ),
  triangle: glyph("M0-44L46 38H-46Z", "", [0, -42], [0, 12]),
  house: glyph(
    "M-48-4L0-46L48-4L38-4V42H-38V-4Z",
    `${glow("M-27 4h18v16h-18Z")}${line("M-18 4v16M-27 12h18")}<path class="k" d="M8 42V12h20v30Z"/>`,
    [0, -44],
    [0, -14],
  ),
  tree: glyph(
    "M-7 46V22C-34 26-46 8-38-8C-46-26-26-40-14-34C-6-50 16-48 20-34C38-36 46-18 38-6C46 12 30 26 7 22V46Z",
    '<path fill="#7a5233" d="M-7 46V20L-16 8L0 16L15 6L7 22V46Z"/>',
    [2, -44],
    [0, -12],
  ),
  fish: glyph(
    "M46 0C34-24-2-36-24-6L-46-26C-42-8-42 8-46 26L-24 6C-2 36 34 24 46 0Z",
    `${spot(28, -5, 4)}${line("M12-18C6-6 6 6 12 18")}${line("M-8-20C0-32 8-30 14-24")}`,
    [6, -24],
    [24, 2],
  ),
  flower: glyph(
    `${[0, 60, 120, 180, 240, 300]
      .map((a) =>
        disc(
          Number((24 * Math.cos((a * Math.PI) / 180)).toFixed(1)),
          Number((24 * Math.sin((a * Math.PI) / 180) - 6).toFixed(1)),
          16,
        ),
      )
      .join("")}${disc(0, -6, 16)}`,
    '<path d="M0 10C-3 24 2 36 0 48M0 34C10 20 20 22 24 26C18 36 8 38 0 36" fill="#4d9a4f" stroke="#3b7d3e" stroke-width="4"/><circle cx="0" cy="-6" r="13" fill="#f7d65a"/>',
    [0, -44],
    [0, -6],
  ),
  boat: glyph(
    "M-46 16H46C42 32 32 40 22 40H-22C-34 40-42 30-46 16ZM4 8V-46C24-34 38-14 40 8ZM-4 8H-34C-28-8-16-24-4-34Z",
    line("M0 16V-48"),
    [0, -46],
    [0, 27],
  ),
  bird: glyph(
    "M-46 8C-34 2-28-4-20-16C-12-30 8-34 18-24C24-34 42-32 42-16L50-10L41-6C38 18 16 34-8 30C-24 28-34 18-46 8Z",
    `${spot(32, -18, 3.6)}${line("M-18 4C-4-8 14-4 16 4C8 18-10 18-18 4Z")}${line("M-2 31v13M8 30v14")}`,
    [30, -28],
    [22, -6],
  ),
  balloon: glyph(
    "M0 22C-20 18-36 0-36-18C-36-36-20-48 0-48C20-48 36-36 36-18C36 0 20 18 0 22L6 30H-6Z",
    `${line("M0 30C8 36-8 42 0 50")}${glow("M-22-24C-20-34-12-38-8-38C-14-32-16-28-18-20Z")}`,
    [0, -46],
    [0, -12],
  ),
  ring: glyph(`${disc(0, 0, 44)}M-22 0a22 22 0 1 1 44 0a22 22 0 1 1 -44 0Z`, "", [0, -42], [0, 33]),
  diamond: glyph("M0-48L36 0L0 48L-36 0Z", "", [0, -44]),
  hexagon: glyph(regular(6, 46), "", [0, -42]),
  crescent: glyph(
    "M14-46C-26-42-46-8-32 22C-20 46 10 52 34 36C6 34-10 18-12-4C-14-24-4-38 14-46Z",
    "",
    [8, -42],
    [-22, 6],
  ),
  car: glyph(
    "M-48 22V2C-46-4-38-6-30-8L-18-28H16L32-8C42-6 48-2 48 6V22Z",
    `${glow("M-22-8L-13-22H-3V-8ZM3-8V-22H13L23-8Z")}${spot(-26, 24, 11)}${spot(26, 24, 11)}<circle class="l" cx="-26" cy="24" r="4.5"/><circle class="l" cx="26" cy="24" r="4.5"/>`,
    [0, -28],
    [0, 5],
  ),
  cat: glyph(
    "M-22 44C-34 30-30 8-16 0C-30-6-32-22-28-46L-14-34H8L22-46C26-22 24-6 12 0C26 10 28 30 22 40C34 36 34 24 32 12L40 10C46 30 40 46 18 44Z",
    `${spot(-13, -18, 3.4)}${spot(7, -18, 3.4)}${line("M-8-8L-3-5L2-8M-3-5V-10M-34-14L-18-11M28-14L12-11M-10 44V26M4 44V26")}`,
    [-3, -34],
    [-3, 16],
  ),
  umbrella: glyph(
    "M0-46C28-44 46-22 48 2C40-6 32-6 24 2C16-6 8-6 0 2C-8-6-16-6-24 2C-32-6-40-6-48 2C-46-22-28-44 0-46Z",
    `${line("M0-46C-14-30-22-14-24 2M0-46C14-30 22-14 24 2")}<path d="M0 0V36C0 46 14 46 14 36" class="i" style="stroke-width:5"/>`,
    [0, -44],
    [0, -18],
  ),
  mushroom: glyph(
    "M-46-2C-44-30-24-44 0-44C24-44 44-30 46-2C34 6-34 6-46-2Z",
    `<path d="M-14 3C-12 20-18 32-20 42H20C18 32 12 20 14 3Z" fill="#f4ead6" stroke="#b9a888" stroke-width="2.5"/><circle class="l" cx="-20" cy="-18" r="6.5"/><circle class="l" cx="4" cy="-30" r="5.5"/><circle class="l" cx="25" cy="-14" r="6.5"/>`,
    [0, -43],
    [0, 20],
  ),
  butterfly: glyph(
    "M0-8C-10-40-46-46-46-18C-46-2-34 4-22 4C-40 10-36 40-18 38C-8 36-2 22 0 10C2 22 8 36 18 38C36 40 40 10 22 4C34 4 46-2 46-18C46-46 10-40 0-8Z",
    `<path class="k" d="M-4-14C-4-18 4-18 4-14L3 24C2 30-2 30-3 24Z"/>${line("M-2-16C-6-30-12-36-18-40M2-16C6-30 12-36 18-40")}<circle class="l" cx="-30" cy="-18" r="6"/><circle class="l" cx="30" cy="-18" r="6"/>`,
    [0, -20],
    [0, 8],
  ),
  kite: glyph("M0-48L32-10L0 34L-32-10Z", line("M0-48V34M-32-10H32M0 34C10 38-8 42 2 50"), [0, -46], [0, -8]),
  cup: glyph(
    "M-36-28H26V-18C46-20 48 10 24 14C20 30 12 38 4 38H-14C-28 38-36 18-36-28ZM26-8C26 0 26 2 25 5C36 4 36-10 26-8Z",
    `${line("M-36-28H26M-26 44H16")}${line("M-16-36C-20-42-10-44-14-50M4-36C0-42 10-44 6-50")}`,
    [-5, -28],
    [-6, 2],
  ),
  key: glyph(
    "M-4-6H46V8H38V20H28V8H18V16H10V8H-4C-10 22-46 22-46 1C-46-20-10-20-4-6ZM-34 1a8 8 0 1 0 16 0a8 8 0 1 0-16 0Z",
    "",
    [-26, -14],
    [14, 1],
  ),
  apple: glyph(
    "M0-22C-10-32-44-32-42 4C-40 30-20 46-8 42C-3 40 3 40 8 42C20 46 40 30 42 4C44-32 10-32 0-22Z",
    `<path d="M0-22C0-34 4-42 10-46" fill="none" stroke="#6e4a2e" stroke-width="5"/><path d="M4-32C12-46 28-44 34-38C26-28 14-26 4-32Z" fill="#4d9a4f"/>`,
    [0, -26],
    [0, 6],
  ),
  rocket: glyph(
    "M0-50C18-34 22-12 20 18H-20C-22-12-18-34 0-50ZM-20 0L-38 26L-19 20ZM20 0L38 26L19 20Z",
    `<circle class="l" cx="0" cy="-14" r="9"/>${line("M0-14m-9 0a9 9 0 1 0 18 0a9 9 0 1 0-18 0")}<path d="M-12 18H12C10 34 4 40 0 48C-4 40-10 34-12 18Z" fill="#f59a3a"/><path d="M-6 18H6C5 28 2 32 0 38C-2 32-5 28-6 18Z" fill="#fbe08a"/>`,
    [0, -46],
    [0, 6],
  ),
  lantern: glyph(
    "M-20-30H20L34 26H-34Z",
    `${glow("M-12-20H12L19 16H-19Z")}<path d="M0-14C8-4 10 4 0 10C-10 4-8-4 0-14Z" fill="#f59a3a"/><path class="k" d="M-38 26H38V36H-38ZM-14-38H14V-30H-14Z"/>${line("M-14-38C-14-52 14-52 14-38")}`,
    [0, -38],
    [0, 21],
  ),
  bell: glyph(
    "M0-44C20-42 26-26 28-2C30 12 38 20 42 26H-42C-38 20-30 12-28-2C-26-26-20-42 0-44Z",
    `${spot(0, 34, 8)}${line("M-34 18H34")}`,
    [0, -42],
    [0, -6],
  ),
  leaf: glyph(
    "M-42 42C-46-4-22-42 44-44C42 22 6 46-42 42Z",
    line("M-46 46C-20 16 6-8 30-30M-14 12L-18-14M4-6L2-26M-22 22L8 22M0-2L24 0"),
    [20, -40],
    [2, 4],
  ),
  cross: glyph("M-15-44H15V-15H44V15H15V44H-15V15H-44V-15H-15Z", "", [0, -44]),
  arrow: glyph("M-46-14H6V-40L48 0L6 40V14H-46Z", "", [0, -20], [8, 0]),
  anchor: glyph(
    "M-5-22C-18-26-16-48 0-48C16-48 18-26 5-22V-16H24V-6H5V32C18 30 28 22 30 10L22 12L36-8L46 14L39 12C34 34 18 46 0 46C-18 46-34 34-39 12L-46 14L-36-8L-22 12L-30 10C-28 22-18 30-5 32V-6H-24V-16H-5ZM-6-35a6 6 0 1 0 12 0a6 6 0 1 0-12 0Z",
    "",
    [0, -46],
    [0, 6],
  ),
};
