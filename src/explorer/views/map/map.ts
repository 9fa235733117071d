/** The concept map: what part of it is in view. */
import { rounded, type Camera } from "../../map/camera.ts";
import { field, finite, type Field } from "../../stores/address-field.ts";
import type { View } from "../view.ts";

export interface MapAddress {
  /** What part of the map is in view; null: all of it. */
  camera: Camera | null;
}

const camera: Field<Camera | null> = field<Camera | null>(
  "at",
  null,
  (text) => {
    const [x = null, y = null, zoom = null] = text.split("~").map(finite);
    if (x === null || y === null || zoom === null) return null;
    return zoom > 0 ? { x, y, zoom } : null;
  },
  (value) => {
    if (value === null) return "";
    const { x, y, zoom } = rounded(value);
    return [x, y, zoom].join("~");
  },
);

export const mapView: View<"map", MapAddress> = {
  name: "map",
  title: "Map",
  icon: "map",
  navigation: "listed",
  key: "m",
  needs: "dictionary",
  fields: { camera },
  load: async () => (await import("../map-view.tsx")).MapView,
};
