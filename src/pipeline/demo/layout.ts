/** Where the things of a scene stand on the canvas of 200 x 200. */
import type { Random } from "../../base/random.ts";
import type { Scene } from "./scene.ts";
import { factors } from "./vocabulary.ts";

/** Centre, scale of the glyph's box of 100, and turn in degrees. */
export interface Place {
  readonly x: number;
  readonly y: number;
  readonly scale: number;
  readonly turn: number;
}

export interface Layout {
  readonly mains: readonly Place[];
  readonly second?: Place;
}

/** Offsets of 1 to 6 things from their common centre, and the scale that keeps them apart. */
const groups: readonly { readonly scale: number; readonly at: readonly (readonly [number, number])[] }[] = [
  { scale: 1.15, at: [[0, 0]] },
  {
    scale: 0.76,
    at: [
      [-42, 3],
      [42, -3],
    ],
  },
  {
    scale: 0.66,
    at: [
      [0, -36],
      [-40, 32],
      [40, 32],
    ],
  },
  {
    scale: 0.62,
    at: [
      [-36, -34],
      [36, -36],
      [-36, 35],
      [36, 35],
    ],
  },
  {
    scale: 0.54,
    at: [
      [-44, -40],
      [44, -40],
      [0, 0],
      [-44, 40],
      [44, 40],
    ],
  },
  {
    scale: 0.52,
    at: [
      [-54, -29],
      [0, -31],
      [54, -29],
      [-54, 30],
      [0, 31],
      [54, 30],
    ],
  },
];

const sizes: Readonly<Record<string, number>> = { tiny: 0.42, small: 0.62, large: 1.2, huge: 1.45 };

const shifts: Readonly<Record<string, readonly [number, number]>> = {
  left: [-44, 0],
  right: [44, 0],
  top: [0, -44],
  bottom: [0, 44],
};

/** Shift and shrinking of the main group, and the second thing's place, by relation. */
const relations: Readonly<
  Record<string, { group: readonly [number, number, number]; second: readonly [number, number, number] }>
> = {
  beside: { group: [-34, 0, 0.72], second: [152, 110, 0.72] },
  above: { group: [0, -36, 0.68], second: [100, 158, 0.66] },
  below: { group: [0, 38, 0.68], second: [100, 44, 0.66] },
  "in front of": { group: [0, 22, 0.72], second: [104, 82, 1.35] },
  with: { group: [-12, -8, 0.82], second: [166, 164, 0.5] },
};

export function arrange(random: Random, scene: Scene): Layout {
  const several = scene.count < 0 ? 1 : scene.count + 2;
  const group = groups[several - 1]!;
  const size = sizes[factors.size[scene.size]?.id ?? ""] ?? 0.9;
  const related = scene.second < 0 ? undefined : relations[factors.relation[scene.relation]?.id ?? "with"]!;
  const shift = shifts[factors.position[scene.position]?.id ?? ""] ?? [0, 0];
  const placed = scene.position < 0 ? 1 : 0.72;
  const [dx, dy, shrink] = related?.group ?? [0, 0, 1];
  // Where a relation already says the place, the position moves everything less.
  const moved = related === undefined ? 1 : 0.5;
  const spread = shrink * placed * Math.min(1, 0.72 + 0.28 * size);
  const nudge = (): number => random.integer(9) - 4;
  const mains = group.at.map(([x, y]) => ({
    x: 100 + dx + moved * shift[0] + spread * x + nudge(),
    y: 102 + dy + moved * shift[1] + spread * y + nudge(),
    scale: group.scale * Math.min(size, several > 1 ? 1.2 : 1.45) * shrink * placed ** 0.7,
    turn: random.integer(17) - 8,
  }));
  if (related === undefined) return { mains };
  const [x, y, scale] = related.second;
  return {
    mains,
    second: {
      x: x + nudge() + 0.3 * shift[0],
      y: y + nudge() + 0.3 * shift[1],
      scale,
      turn: random.integer(11) - 5,
    },
  };
}
