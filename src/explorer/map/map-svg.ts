/** The part of the map in view as a drawing: discs, arcs and names, without pictures and density lines. */
import { inks } from "./inks.ts";
import type { MapModel } from "./map-model.ts";
import { cssColour, modalityColour, type Theme } from "./modality-colours.ts";
import type { WrittenName } from "./name-layer.ts";
import { arcsOf, type Arc } from "./paint-arcs.ts";
import { speckRadius } from "./scene.ts";

export function mapSvg(model: MapModel, names: readonly WrittenName[], theme: Theme, title: string): string {
  const scene = model.scene.peek();
  const { width, height } = model.size.peek();
  const { view, growth } = model.frame.peek();
  const background = cssColour(scene.background);
  const parts: string[] = [];
  for (const j of scene.order) {
    const x = scene.x[j]! * view.scale + view.offsetX;
    const y = scene.y[j]! * view.scale + view.offsetY;
    const full = scene.passes[j] === 1;
    const radius = full ? scene.radius[j]! * growth : speckRadius;
    if (x < -radius || y < -radius || x > width + radius || y > height + radius) continue;
    const [red = 0, green = 0, blue = 0] = scene.colour.subarray(3 * j, 3 * j + 3);
    const fill = cssColour(full ? [red, green, blue] : scene.faint);
    const rim = radius >= 2.5 ? ` stroke="${background}" stroke-width="${short(radius * 0.2)}"` : "";
    parts.push(`<circle cx="${short(x)}" cy="${short(y)}" r="${short(radius)}" fill="${fill}"${rim}/>`);
  }
  arcsOf(scene, view, model.arcs.peek().shown).forEach((arc, i) => parts.push(arcSvg(arc, `arc${i}`, theme)));
  const { ink, halo } = inks[theme];
  for (const { text, x, y } of names) {
    parts.push(
      `<text x="${short(x)}" y="${short(y + 13)}" fill="${ink}" stroke="${halo}" stroke-width="3" paint-order="stroke" text-anchor="middle">${escaped(text)}</text>`,
    );
  }
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="sans-serif" font-size="12" font-weight="500"><title>${escaped(title)}</title><rect width="100%" height="100%" fill="${background}"/>${parts.join("")}</svg>\n`;
}

function arcSvg({ from, bend, to, width, opacity }: Arc, id: string, theme: Theme): string {
  const stop = (offset: number, score: number): string =>
    `<stop offset="${offset}" stop-color="${cssColour(modalityColour(score, theme))}" stop-opacity="${short(opacity)}"/>`;
  const ends = `x1="${short(from.x)}" y1="${short(from.y)}" x2="${short(to.x)}" y2="${short(to.y)}"`;
  const path = `M${short(from.x)} ${short(from.y)}Q${short(bend.x)} ${short(bend.y)} ${short(to.x)} ${short(to.y)}`;
  return `<linearGradient id="${id}" gradientUnits="userSpaceOnUse" ${ends}>${stop(0, 1)}${stop(1, 0)}</linearGradient><path d="${path}" fill="none" stroke="url(#${id})" stroke-width="${short(width)}" stroke-linecap="round"/>`;
}

function short(value: number): string {
  return String(Number(value.toFixed(2)));
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
