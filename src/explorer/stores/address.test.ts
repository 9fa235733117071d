import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { views } from "../views/registry.ts";
import type { View } from "../views/view.ts";
import { createAddressBook, type Address } from "./address.ts";
import { defaultSort, noFilter } from "./concept-selection.ts";
import { sharedFields } from "./shared-address.ts";

const { format, parse } = createAddressBook(views);

const plain: Address = {
  view: "map",
  dictionary: null,
  concept: null,
  filter: noFilter,
  sort: defaultSort,
  picked: [],
  onlyPicked: false,
  plane: "umap",
  camera: null,
  colour: "modalityScore",
  thumbnails: "medium",
  nameless: false,
  contourless: false,
  significantOnly: false,
  painter: "auto",
  band: "top",
  bridgeDrawing: "list",
  bridgeKind: "all",
  bridgeDifferent: false,
  bridgeSignificant: false,
  bridgeScore: 0,
  bridgeQ: 1,
  curve: "heldOutR2",
  against: null,
  pairList: "matched",
  pairOrder: "energy",
  alikeFrom: 0.5,
  asked: "",
  keep: "all",
  without: false,
  stableFrom: 0.7,
  energyShare: 0.5,
  scaled: [],
  nearestTo: null,
  nearestAmong: "other",
  searched: null,
  query: "",
  within: null,
  itemSide: "image",
  itemRow: null,
  partner: null,
};
/** Numbers as the address writes them: at most four decimals. */
const coordinate = fc.integer({ min: -500_000, max: 500_000 }).map((value) => value / 10_000);
const unit = fc.integer({ min: 0, max: 200 }).map((value) => value / 200);

const positive = fc.double({ min: 0, max: 1, noNaN: true }).map(Math.abs);
const fromZero = fc.oneof(
  positive.map((low) => [low, Infinity] as const),
  fc.tuple(positive, positive).map(([a, b]) => [Math.min(a, b), Math.max(a, b)] as const),
);

const addresses: fc.Arbitrary<Address> = fc.record({
  view: fc.constantFrom(
    "map",
    "concepts",
    "concept",
    "bridges",
    "compare",
    "ask",
    "search",
    "item",
    "intervene",
  ),
  dictionary: fc.option(fc.string({ unit: "grapheme", minLength: 1 })),
  concept: fc.nat({ max: 99_999 }),
  filter: fc.record({
    text: fc.string({ unit: "grapheme" }),
    modality: fc.tuple(unit, unit).map(([a, b]) => [Math.min(a, b), Math.max(a, b)] as const),
    energy: fromZero,
    frequency: fromZero,
    stability: fc.tuple(unit, unit).map(([a, b]) => [Math.min(a, b) - 1, Math.max(a, b)] as const),
    bridges: fromZero,
    dead: fc.boolean(),
  }),
  sort: fc.record({
    column: fc.constantFrom("concept", "energy", "modalityScore", "bridges"),
    descending: fc.boolean(),
  }),
  picked: fc.oneof(
    fc.uniqueArray(fc.nat({ max: 999 }), { maxLength: 50 }).map((all) => all.sort((a, b) => a - b)),
    fc.constant("0123abcd"),
  ),
  onlyPicked: fc.boolean(),
  plane: fc.constantFrom("umap", "energy", "pca"),
  colour: fc.constantFrom("modalityScore", "stability", "energy", "own_column"),
  thumbnails: fc.constantFrom("medium", "small", "large", "off"),
  nameless: fc.boolean(),
  contourless: fc.boolean(),
  significantOnly: fc.boolean(),
  painter: fc.constantFrom("auto", "webgl", "pixels", "list"),
  camera: fc.option(
    fc.record({
      x: coordinate,
      y: coordinate,
      zoom: fc.integer({ min: 5000, max: 600_000 }).map((value) => value / 10_000),
    }),
  ),
  query: fc.string({ unit: "grapheme" }),
  within: fc.option(fc.string({ minLength: 1 })),
  band: fc.constantFrom("top", "middle", "low"),
  bridgeDrawing: fc.constantFrom("list", "matrix", "graph"),
  bridgeKind: fc.constantFrom("all", "single", "half", "bimodal"),
  bridgeDifferent: fc.boolean(),
  bridgeSignificant: fc.boolean(),
  bridgeScore: positive,
  bridgeQ: fc.double({ min: 0, max: 1, noNaN: true }),
  curve: fc.constantFrom("heldOutR2", "loss", "lr"),
  against: fc.option(fc.string({ unit: "grapheme", minLength: 1 })),
  pairList: fc.constantFrom("matched", "only-first", "only-second"),
  pairOrder: fc.constantFrom("energy", "most-alike", "least-alike"),
  alikeFrom: unit,
  asked: fc.string({ unit: "grapheme" }),
  keep: fc.constantFrom("all", "bimodal", "stable", "energetic", "picked"),
  without: fc.boolean(),
  stableFrom: unit,
  energyShare: unit,
  scaled: fc.uniqueArray(fc.record({ concept: fc.nat({ max: 999 }), scale: unit }), {
    maxLength: 40,
    selector: ({ concept }) => concept,
  }),
  nearestTo: fc.option(fc.record({ side: fc.constantFrom("image", "text"), row: fc.nat({ max: 99_999 }) })),
  nearestAmong: fc.constantFrom("other", "same"),
  searched: fc.constantFrom(null, 500, 2000),
  itemSide: fc.constantFrom("image", "text"),
  itemRow: fc.nat({ max: 99_999 }),
  partner: fc.option(fc.nat({ max: 99_999 })),
});

describe("the address bar", () => {
  it("holds the whole state", () => {
    fc.assert(
      fc.property(addresses, (address) => {
        // What belongs to another view comes from the address before; −0 and 0 are the same place.
        expect(inOrder(parse(format(address), address))).toBe(inOrder(address));
      }),
    );
  });

  it("says of a view only what that view shows", () => {
    const camera = { x: 1, y: 2, zoom: 3 };
    const onMap = { ...plain, concept: 4, camera, band: "low" } as const;
    expect(format(onMap)).toBe("#/map?concept=4&at=1%7E2%7E3");
    expect(format({ ...onMap, view: "concept" })).toBe("#/concept/4?band=low");
    // A link to a concept leaves the map where it was; one to the map leaves no trace of the map before.
    expect(parse("#/concept/4?band=low", onMap).camera).toEqual(camera);
    expect(parse("#/map", onMap).camera).toBeNull();
  });

  it("names a picture or a caption, and what it is held against", () => {
    const item = { view: "item", itemSide: "text", itemRow: 12, partner: 3 } as const;
    expect(format({ ...plain, ...item, concept: 4 })).toBe("#/item/text/12?with=3");
    expect(parse("#/item/text/12?with=3")).toEqual({ ...plain, ...item });
    for (const nonsense of ["#/item/sound/1", "#/item/image", "#/item/image/1/2"]) {
      expect(parse(nonsense)).toEqual(plain);
    }
  });

  it("gives every name and every key to one view only", () => {
    const shared = Object.entries(sharedFields);
    const names = shared.map(([name]) => name);
    for (const view of Object.values(views) as View[]) {
      const own: [string, { keys: readonly string[] }][] = Object.entries(view.fields);
      names.push(...own.map(([name]) => name));
      const shared = Object.entries(sharedFields)
        .filter(([name]) => !view.without?.some((left) => left === name))
        .flatMap(([, { keys }]) => keys);
      const keys = [...shared, ...own.flatMap(([, field]) => field.keys)];
      expect(new Set(keys).size, view.name).toBe(keys.length);
    }
    expect(new Set(names).size).toBe(names.length);
    const goes = Object.values(views).flatMap(({ key }) => key ?? []);
    expect(new Set(goes).size).toBe(goes.length);
  });

  it("stays short: what is at its default is not in it", () => {
    expect(format(plain)).toBe("#/map");
    expect(format({ ...plain, view: "concept", concept: 7 })).toBe("#/concept/7");
    expect(format({ ...plain, camera: { x: 1.23456, y: -2, zoom: 4 } })).toBe("#/map?at=1.2346%7E-2%7E4");
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
    "#/map?plane=moon&pictures=huge&painter=brush&colour=a%20b",
    "#/map?concept=99999999999999999999",
  ])("ignores nonsense: %s", (hash) => expect(parse(hash)).toEqual(plain));
});

function inOrder(address: Address): string {
  return JSON.stringify(Object.entries(address).sort(([a], [b]) => (a < b ? -1 : 1)));
}
