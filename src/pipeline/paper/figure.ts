/**
 * Figures of experiments: a description in terms of Observable Plot, drawn as SVG for light and dark
 * pages and as PNG for print. What belongs to looks is here; what is shown is the experiment's.
 */
import { createRequire } from "node:module";
import * as Plot from "@observablehq/plot";
import { parseHTML } from "linkedom";
import { ViaductError } from "../../base/errors.ts";

export type Theme = "light" | "dark";

export interface Palette {
  readonly ink: string;
  readonly faint: string;
  readonly paper: string;
  /** For up to ten series, told apart by the colour-blind too (Okabe & Ito 2008, in an order of contrast). */
  readonly series: readonly string[];
}

const palettes: Readonly<Record<Theme, Palette>> = {
  light: {
    ink: "#1b1f24",
    faint: "#8b949e",
    paper: "#ffffff",
    series: [
      "#0072b2",
      "#d55e00",
      "#009e73",
      "#cc79a7",
      "#a07800",
      "#56b4e9",
      "#7f3c8d",
      "#5f6b6d",
      "#b00020",
      "#1b5e20",
    ],
  },
  dark: {
    ink: "#e6e8eb",
    faint: "#7d8590",
    paper: "#14171a",
    series: [
      "#56b4e9",
      "#ff8c42",
      "#2fd6a3",
      "#e8a2c8",
      "#f0e442",
      "#8fd0ff",
      "#c792ea",
      "#aab4b8",
      "#ff6b81",
      "#7bd88f",
    ],
  },
};

export interface Figure {
  /** What a screen reader says. */
  readonly description: string;
  readonly width?: number;
  readonly height?: number;
  /** Plot's options; colours come from the palette. */
  readonly plot: (palette: Palette) => Plot.PlotOptions;
  /** Names of the series in the order of `palette.series`; drawn as a legend above the plot. */
  readonly legend?: readonly string[];
}

const legendLine = 20;
const legendItem = (name: string): number => 34 + name.length * 7.2;

/** A whole SVG document. */
export function drawSvg(figure: Figure, theme: Theme): string {
  const palette = palettes[theme];
  const { document } = parseHTML("<html><body></body></html>");
  const { width = 720, height = 420, legend = [] } = figure;
  const drawn = Plot.plot({
    width,
    height,
    marginLeft: 56,
    marginBottom: 44,
    // The types ask for a browser's document; Plot only creates elements with it.
    document: document,
    style: { fontSize: "12px" },
    ...figure.plot(palette),
  });
  const svg = drawn.tagName.toLowerCase() === "svg" ? drawn : drawn.querySelector("svg");
  if (svg === null) throw new Error("Plot drew no svg");
  for (const style of svg.querySelectorAll("style")) style.remove();
  const [rows, legendHeight] = legendRows(legend, width);
  const keys = rows.map(
    ({ name, x, y }, i) =>
      `<g transform="translate(${x},${y})"><rect width="14" height="10" y="1" rx="2" ${keyPaint(palette, i)}/><text x="20" y="10" fill="${palette.ink}">${escapeXml(name)}</text></g>`,
  );
  const whole = height + legendHeight;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${whole}" viewBox="0 0 ${width} ${whole}" role="img" aria-label="${escapeXml(figure.description)}" font-family="DejaVu Sans, system-ui, sans-serif" font-size="12" color="${palette.ink}" fill="currentColor">`,
    `<rect width="${width}" height="${whole}" fill="${palette.paper}"/>`,
    ...keys,
    `<g transform="translate(0,${legendHeight})" text-anchor="middle">${svg.innerHTML}</g>`,
    "</svg>",
    "",
  ].join("\n");
}

/** The names of the columns of panels, above the names of the first row. */
export function panelColumns(): Plot.Markish {
  return Plot.axisFx({ anchor: "top", dy: -18, label: null });
}

/** The name of each row of panels, above its first panel. */
export function panelTitles(rows: readonly string[], firstColumn?: string): Plot.Markish {
  return Plot.text(rows, {
    fy: (row: string) => row,
    ...(firstColumn === undefined ? {} : { fx: () => firstColumn }),
    text: (row: string) => row,
    frameAnchor: "top-left",
    textAnchor: "start",
    dy: -9,
    fontWeight: "bold",
  });
}

/** Series beyond the palette's length come again with an outline for a fill, and dashed lines. */
function keyPaint({ series }: Palette, i: number): string {
  const colour = series[i % series.length];
  return i < series.length ? `fill="${colour}"` : `fill="none" stroke="${colour}" stroke-width="2"`;
}

/** How the lines and the dots of series i are drawn, in the way of its key. */
export function seriesStyle(
  { series, paper }: Palette,
  i: number,
): {
  readonly colour: string;
  readonly line: Readonly<{ stroke: string; strokeDasharray?: string }>;
  readonly dot: Readonly<{ fill: string; stroke: string }>;
} {
  const colour = series[i % series.length]!;
  return i < series.length
    ? { colour, line: { stroke: colour }, dot: { fill: colour, stroke: colour } }
    : { colour, line: { stroke: colour, strokeDasharray: "4,3" }, dot: { fill: paper, stroke: colour } };
}

function legendRows(
  names: readonly string[],
  width: number,
): [rows: { name: string; x: number; y: number }[], height: number] {
  let x = 56;
  let y = 8;
  const rows = names.map((name) => {
    if (x > 56 && x + legendItem(name) > width) {
      x = 56;
      y += legendLine;
    }
    const at = { name, x, y };
    x += legendItem(name);
    return at;
  });
  return [rows, names.length === 0 ? 0 : y + legendLine];
}

function escapeXml(text: string): string {
  return text.replace(/[<>&"]/g, (sign) => `&#${sign.charCodeAt(0)};`);
}

/** The light figure at three times its size, for print. Needs the optional packages. */
export async function drawPng(svg: string): Promise<Uint8Array> {
  const require = createRequire(import.meta.url);
  let Resvg: typeof import("@resvg/resvg-js").Resvg;
  let font: string;
  try {
    ({ Resvg } = await import("@resvg/resvg-js"));
    font = require.resolve("dejavu-fonts-ttf/ttf/DejaVuSans.ttf");
  } catch (cause) {
    throw new ViaductError(
      "missing-part",
      "PNG figures need the packages @resvg/resvg-js and dejavu-fonts-ttf, which are not installed; add them with: npm install @resvg/resvg-js dejavu-fonts-ttf, or leave PNG out with --no-png",
      { cause },
    );
  }
  const image = new Resvg(svg, {
    font: { fontFiles: [font], loadSystemFonts: false, defaultFontFamily: "DejaVu Sans" },
    fitTo: { mode: "zoom", value: 3 },
  });
  return image.render().asPng();
}
