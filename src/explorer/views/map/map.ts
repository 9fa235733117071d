/** The concept map: in which plane, what part of it, coloured by what, with what over it. */
import { rounded, type Camera } from "../../map/camera.ts";
import type { PainterWish } from "../../map/painter-choice.ts";
import { planeNames, type PlaneName } from "../../map/planes.ts";
import { field, finite, flag, oneOf, type Field } from "../../stores/address-field.ts";
import type { View } from "../view.ts";

export const thumbnailSizes = ["medium", "small", "large", "off"] as const;
export type ThumbnailChoice = (typeof thumbnailSizes)[number];

export interface MapAddress {
  plane: PlaneName;
  /** What part of the plane is in view; null: all of it. */
  camera: Camera | null;
  /** The column that colours the points. */
  colour: string;
  /** Pictures in place of dots, when there is room. */
  thumbnails: ThumbnailChoice;
  nameless: boolean;
  contourless: boolean;
  /** Only bridges with a positive score and both q-values below 0.05. */
  significantOnly: boolean;
  /** What draws it. */
  painter: PainterWish;
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

const colour: Field<string> = field(
  "colour",
  "modalityScore",
  (text) => (/^\w{1,60}$/.test(text) ? text : null),
  (value) => value,
);

export const mapView: View<"map", MapAddress> = {
  name: "map",
  title: "Map",
  icon: "map",
  navigation: "listed",
  key: "m",
  needs: "dictionary",
  columns: ["x", "y"],
  fields: {
    plane: oneOf("plane", planeNames),
    camera,
    colour,
    thumbnails: oneOf("pictures", thumbnailSizes),
    nameless: flag("names", "off"),
    contourless: flag("contours", "off"),
    significantOnly: flag("arcs", "significant"),
    painter: oneOf("painter", ["auto", "webgl", "pixels", "list"]),
  },
  load: async () => (await import("./map-view.tsx")).MapView,
};
