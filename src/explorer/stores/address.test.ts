import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { formatAddress, parseAddress, type Address } from "./address.ts";
import { defaultSort, noFilter } from "./concept-selection.ts";

const plain: Address = {
  view: "map",
  dictionary: null,
  concept: null,
  filter: noFilter,
  sort: defaultSort,
  camera: null,
  band: "top",
};
/** Numbers as the address writes them: at most four decimals. */
const coordinate = fc.integer({ min: -500_000, max: 500_000 }).map((value) => value / 10_000);
const unit = fc.integer({ min: 0, max: 200 }).map((value) => value / 200);

const addresses: fc.Arbitrary<Address> = fc.record({
  view: fc.constantFrom("map", "concepts", "concept"),
  dictionary: fc.option(fc.string({ unit: "grapheme", minLength: 1 })),
  concept: fc.nat({ max: 99_999 }),
  filter: fc.record({
    text: fc.string({ unit: "grapheme" }),
    modality: fc.tuple(unit, unit).map(([a, b]) => [Math.min(a, b), Math.max(a, b)] as const),
    energy: fc.double({ min: 0, max: 1, noNaN: true }).map(Math.abs),
    dead: fc.boolean(),
  }),
  sort: fc.record({
    column: fc.constantFrom("concept", "energy", "modalityScore", "bridges"),
    descending: fc.boolean(),
  }),
  camera: fc.option(
    fc.record({
      x: coordinate,
      y: coordinate,
      zoom: fc.integer({ min: 5000, max: 600_000 }).map((value) => value / 10_000),
    }),
  ),
  band: fc.constantFrom("top", "middle", "low"),
});

describe("the address bar", () => {
  it("holds the whole state", () => {
    fc.assert(
      fc.property(addresses, (address) => {
        // −0 and 0 are the same place.
        expect(JSON.stringify(parseAddress(formatAddress(address)))).toBe(JSON.stringify(address));
      }),
    );
  });

  it("stays short: what is at its default is not in it", () => {
    expect(formatAddress(plain)).toBe("#/map");
    expect(formatAddress({ ...plain, view: "concept", concept: 7 })).toBe("#/concept/7");
    expect(formatAddress({ ...plain, camera: { x: 1.23456, y: -2, zoom: 4 } })).toBe(
      "#/map?at=1.2346%7E-2%7E4",
    );
  });

  it.each([
    "",
    "#",
    "#/nowhere",
    "#/concept",
    "#/concept/-1",
    "#/concept/1e5",
    "#/map?modality=2~3&energy=-4&sort=nothing&at=1~2&band=nothing&dead=1",
    "#/map?modality=0.9~0.1&energy=x&at=a~b~c",
    "#/map?at=1~2~0",
    "#/map?at=1~2~-3",
    "#/map?concept=99999999999999999999",
  ])("ignores nonsense: %s", (hash) => expect(parseAddress(hash)).toEqual(plain));
});
