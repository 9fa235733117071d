import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { labelLimit, placeLabels, type LabelRequest } from "./label-placement.ts";
import { Occupied, type Box } from "./occupied.ts";

const size = { width: 400, height: 300 };
const boxOf = (_: number, x: number, y: number): Box => ({
  left: x - 40,
  right: x + 40,
  top: y,
  bottom: y + 14,
});

function requestOf(
  places: readonly (readonly [number, number])[],
  more: Partial<LabelRequest> = {},
): LabelRequest {
  return {
    candidates: Uint32Array.from(places.keys()),
    scene: { x: Float64Array.from(places, ([x]) => x), y: Float64Array.from(places, ([, y]) => y) },
    view: { scale: 1, offsetX: 0, offsetY: 0 },
    size,
    kept: [],
    limit: 50,
    boxOf,
    occupied: new Occupied(),
    ...more,
  };
}

const anyPlaces = fc.array(
  fc.tuple(fc.double({ min: -50, max: 450, noNaN: true }), fc.double({ min: -50, max: 350, noNaN: true })),
  { maxLength: 120 },
);

describe("names on the map", () => {
  it("never overlap, lie in view, and leave no room for a stronger one", () => {
    fc.assert(
      fc.property(anyPlaces, (places) => {
        const placed = placeLabels(requestOf(places));
        const boxes = placed.map((j) => boxOf(j, ...places[j]));
        boxes.forEach((a, i) => {
          boxes.slice(i + 1).forEach((b) => {
            expect(a.right <= b.left || b.right <= a.left || a.bottom <= b.top || b.bottom <= a.top).toBe(
              true,
            );
          });
        });
        placed.forEach((j) => {
          expect(places[j][0]).toBeGreaterThanOrEqual(0);
          expect(places[j][1]).toBeLessThanOrEqual(size.height);
        });
        expect(placed).toEqual([...placed].sort((a, b) => a - b));
      }),
    );
  });

  it("stay while the map is moved, unless they leave it", () => {
    fc.assert(
      fc.property(anyPlaces, fc.integer({ min: -40, max: 40 }), (places, dx) => {
        const before = placeLabels(requestOf(places));
        const view = { scale: 1, offsetX: dx, offsetY: 0 };
        const after = new Set(placeLabels(requestOf(places, { view, kept: before })));
        for (const j of before) {
          const x = places[j][0] + dx;
          if (x >= 0 && x <= size.width) expect(after.has(j)).toBe(true);
        }
      }),
    );
  });

  it("are as many as allowed, more when closer, and keep off what is taken", () => {
    const row = Array.from({ length: 4 }, (_, i): [number, number] => [50 + 100 * i, 100]);
    expect(placeLabels(requestOf(row, { limit: 2 }))).toEqual([0, 1]);
    const occupied = new Occupied();
    occupied.take({ left: 140, right: 160, top: 90, bottom: 110 });
    expect(placeLabels(requestOf(row, { occupied }))).toEqual([0, 2, 3]);
    expect(labelLimit(size, 8)).toBeGreaterThan(3 * labelLimit(size, 1));
  });
});
