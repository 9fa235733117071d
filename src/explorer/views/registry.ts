/** All views, in the order of the navigation. A new one is a file like views/concepts/concepts.ts and its lines here. */
import { conceptView, type ConceptAddress } from "./concept/concept.ts";
import { conceptsView } from "./concepts/concepts.ts";
import { mapView, type MapAddress } from "./map/map.ts";
import type { View } from "./view.ts";

/** Each view's own part of the address. */
export interface ViewAddresses {
  map: MapAddress;
  concepts: object;
  concept: ConceptAddress;
}

export type ViewName = keyof ViewAddresses;

export type Views = { readonly [Name in ViewName]: View<Name, ViewAddresses[Name]> };

export const views: Views = {
  map: mapView,
  concepts: conceptsView,
  concept: conceptView,
};
