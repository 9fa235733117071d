/** Backgrounds and weather, on a canvas of 200 x 200. */
import type { Random } from "../../base/random.ts";
import { mix } from "./ink.ts";

const rect = (fill: string, y = 0, height = 200): string =>
  `<rect y="${y}" width="200" height="${height}" fill="${fill}"/>`;
const path = (d: string, fill: string): string => `<path d="${d}" fill="${fill}"/>`;
const dots = (random: Random, many: number, top: number, bottom: number, r: number): string => {
  let d = "";
  for (let i = 0; i < many; i++) {
    d += `M${random.integer(200)} ${top + random.integer(bottom - top)}h.01`;
  }
  return `<path d="${d}" fill="none" stroke-linecap="round" stroke-width="${2 * r}" stroke="#fff"/>`;
};

type Draw = (random: Random) => string;

const backgrounds: Readonly<Record<string, Draw>> = {
  meadow: (random) => {
    let blades = "";
    for (let i = 0; i < 16; i++) blades += `M${random.integer(200)} ${142 + random.integer(55)}l3-9l3 9`;
    return `${rect("#cfe8f5")}${path("M0 128C50 108 130 118 200 104V200H0Z", "#9fcb74")}${path("M0 152C70 134 120 160 200 138V200H0Z", "#86b95d")}<path d="${blades}" fill="none" stroke="#5f9440" stroke-width="2"/>`;
  },
  sea: (random) => {
    const shift = random.integer(20);
    const wave = (y: number): string =>
      `M${-20 + shift} ${y}q10-9 20 0t20 0t20 0t20 0t20 0t20 0t20 0t20 0t20 0t20 0t20 0`;
    return `${rect("#d9eef7")}${rect("#5fa6c9", 112, 88)}${rect("#4991b8", 156, 44)}<path d="${wave(128)}${wave(150)}${wave(172)}${wave(192)}" fill="none" stroke="#bfe3f0" stroke-width="3"/>`;
  },
  "night sky": (random) =>
    `${rect("#1d2547")}${rect("#27305c", 120, 80)}${dots(random, 36, 4, 196, 0.9)}${dots(random, 7, 8, 130, 1.8)}`,
  beach: (random) =>
    `${rect("#d3ecf5")}${rect("#72b8cf", 92, 40)}${path("M0 124C60 112 130 134 200 118V200H0Z", "#f0dcae")}<path d="M0 125C60 113 130 135 200 119" fill="none" stroke="#fff" stroke-width="4"/>${path(`M${20 + random.integer(30)} 182l6-10l6 10l-11-6h11Z`, "#e2a06c")}`,
  mountains: (random) => {
    const peak = 60 + random.integer(80);
    return `${rect("#dbe7f2")}${path(`M-10 150L${peak - 50} 62L${peak - 10} 112L${peak + 40} 44L210 150Z`, "#8c9bb5")}${path(`M${peak + 40} 44l-17 23l11-4l7 8l8-9l10 5Z`, "#fff")}${path("M0 144C60 130 120 152 200 138V200H0Z", "#7d9a78")}`;
  },
  "brick wall": () => {
    let mortar = "";
    for (let y = 0; y < 200; y += 20) {
      mortar += `M0 ${y}H200`;
      for (let x = (y / 20) % 2 === 0 ? 0 : 20; x <= 200; x += 40) mortar += `M${x} ${y}v20`;
    }
    return `${rect("#c98b74")}<path d="${mortar}" stroke="#e5c3b2" stroke-width="2.5"/>`;
  },
  city: (random) => {
    let towers = "";
    let windows = "";
    for (let x = -6; x < 200; x += 27) {
      const top = 48 + random.integer(58);
      towers += `M${x} 150V${top}h25V150Z`;
      for (let y = top + 8; y < 140; y += 13) windows += `M${x + 6} ${y}h4M${x + 15} ${y}h4`;
    }
    return `${rect("#e9e3ec")}${path(towers, "#a9a3bd")}<path d="${windows}" stroke="#f3e6b8" stroke-width="5"/>${rect("#8d8a99", 148, 52)}<path d="M6 176H200" stroke="#e7e5ee" stroke-width="3" stroke-dasharray="18 14"/>`;
  },
  snowfield: () =>
    `${rect("#d5e2ee")}${path("M0 118C60 98 120 130 200 108V200H0Z", "#f7fafd")}${path("M0 160C50 146 130 172 200 152V200H0Z", "#e8eff6")}${path("M22 120l12-30l12 30ZM164 114l9-24l9 24Z", "#8aa79b")}`,
  desert: (random) => {
    const x = 16 + random.integer(150);
    return `${rect("#fbe7c6")}${path("M0 132C50 104 90 138 130 122C160 110 180 118 200 112V200H0Z", "#e6b873")}${path("M0 168C70 142 120 178 200 154V200H0Z", "#d9a45c")}<path d="M${x} 138V98M${x} 122h-9v-12M${x} 116h9v-12" fill="none" stroke="#6d9a60" stroke-width="7" stroke-linecap="round"/>`;
  },
  "wooden table": (random) => {
    let seams = "";
    for (let y = 0; y < 200; y += 40) {
      seams += `M0 ${y}H200`;
      const x = 20 + random.integer(150);
      seams += `M${x} ${y}v40M${x + 12} ${y + 14}c10-5 20 5 34 0M${x - 60} ${y + 26}c12-5 24 5 40 0`;
    }
    return `${rect("#d8b183")}<path d="${seams}" fill="none" stroke="#b98a58" stroke-width="2"/>`;
  },
  sunset: () =>
    `${rect("#f7c873")}${rect("#f3a467", 60, 40)}${rect("#e0776a", 100, 34)}<circle cx="100" cy="132" r="34" fill="#fdeaa8"/>${rect("#7c4a6b", 134, 66)}<path d="M66 146h68M76 158h48M84 170h32" stroke="#f3b07c" stroke-width="3"/>`,
  "tiled floor": () => {
    let d = "";
    for (let y = 0; y < 200; y += 40) {
      for (let x = (y / 40) % 2 === 0 ? 0 : 40; x < 200; x += 80) d += `M${x} ${y}h40v40h-40Z`;
    }
    return `${rect("#eef3f1")}${path(d, "#c3d8d5")}`;
  },
};

/** Fills the canvas; plain paper for a scene without a place. */
export function drawBackground(random: Random, background: string | undefined): string {
  const paper = ["#f6f1e6", "#eef1f4", "#f4ecec", "#eef3ea"][random.integer(4)]!;
  return background === undefined ? rect(mix(paper, "#ffffff", 0.3)) : backgrounds[background]!(random);
}

/** Weather that is behind the things. */
const behind: Readonly<Record<string, Draw>> = {
  sun: (random) => {
    let rays = "";
    for (let a = 0; a < 12; a++) {
      const [x, y] = [Math.cos((a * Math.PI) / 6), Math.sin((a * Math.PI) / 6)];
      rays += `M${(24 * x).toFixed(1)} ${(24 * y).toFixed(1)}L${(33 * x).toFixed(1)} ${(33 * y).toFixed(1)}`;
    }
    return `<g transform="translate(${random.integer(2) === 0 ? 36 : 164} 36)"><circle r="18" fill="#fbd34d" stroke="#e8a92c" stroke-width="2"/><path d="${rays}" stroke="#f3bb35" stroke-width="4" stroke-linecap="round"/></g>`;
  },
  clouds: (random) => {
    const cloud = (x: number, y: number): string =>
      `M${x} ${y}a13 13 0 0 1 4-25a20 20 0 0 1 38-2a15 15 0 0 1 6 27Z`;
    return `<path d="${cloud(14 + random.integer(16), 48)}${cloud(118 + random.integer(20), 40)}${cloud(72, 66)}" fill="#fff" stroke="#c5cdd8" stroke-width="2"/>`;
  },
  rainbow: () => {
    const bands = ["#e0544c", "#f0a03c", "#f5d95a", "#69b56b", "#4f8fd0", "#8a63b8"];
    return bands
      .map(
        (colour, i) =>
          `<circle cx="100" cy="150" r="${118 - 7 * i}" fill="none" stroke="${colour}" stroke-width="7" opacity=".8"/>`,
      )
      .join("");
  },
};

/** Weather that is before them. */
const before: Readonly<Record<string, Draw>> = {
  rain: (random) => {
    let d = "";
    for (let i = 0; i < 34; i++) d += `M${random.integer(205)} ${random.integer(190)}l-4 13`;
    return `<path d="${d}" stroke="#3f7fb0" stroke-width="2.4" stroke-linecap="round" opacity=".75"/>`;
  },
  snowfall: (random) =>
    `<g opacity=".95"><g stroke="#8fa9c4">${dots(random, 34, 0, 200, 2.4).replace('stroke="#fff"', 'stroke="#9db4cc"')}</g>${dots(random, 30, 0, 200, 2.6)}</g>`,
  wind: (random) => {
    let d = "";
    for (let i = 0; i < 4; i++) {
      const [x, y] = [random.integer(90), 22 + i * 44 + random.integer(16)];
      d += `M${x} ${y}h70c16 0 16-18 4-18c-8 0-10 8-4 11M${x + 16} ${y + 9}h64`;
    }
    return `<path d="${d}" fill="none" stroke="#fff" stroke-width="5" stroke-linecap="round" opacity=".6"/><path d="${d}" fill="none" stroke="#6f8aa5" stroke-width="2.4" stroke-linecap="round"/>`;
  },
};

export function drawWeather(random: Random, weather: string | undefined): { behind: string; before: string } {
  if (weather === undefined) return { behind: "", before: "" };
  return { behind: behind[weather]?.(random) ?? "", before: before[weather]?.(random) ?? "" };
}
