/** All views, in the order of the navigation. A new one is a file like views/concepts/concepts.ts and a line here. */
import { compareView } from "./compare/compare.ts";
import { conceptView } from "./concept/concept.ts";
import { conceptsView } from "./concepts/concepts.ts";
import { askView } from "./ask/ask.ts";
import { bridgesView } from "./bridges/bridges.ts";
import { interveneView } from "./intervene/intervene.ts";
import { itemView } from "./item/item.ts";
import { mapView } from "./map/map.ts";
import { searchView } from "./search/search.ts";
import type { View } from "./view.ts";

export const views = {
  map: mapView,
  concepts: conceptsView,
  bridges: bridgesView,
  intervene: interveneView,
  compare: compareView,
  ask: askView,
  concept: conceptView,
  item: itemView,
  search: searchView,
};

export type Views = typeof views;

export type ViewName = keyof Views;

/** Each view's own part of the address. */
export type ViewAddresses = {
  [Name in ViewName]: Views[Name] extends View<string, infer Part> ? Part : never;
};
