/** Pictures in place of dots, as many as have room without covering each other; none when too many are in view. */
import { signal, type ReadonlySignal } from "@preact/signals";
import type { OpenDictionary } from "../stores/explorer-store.ts";
import { valueOf } from "../stores/loadable.ts";
import { placeLabels } from "./label-placement.ts";
import type { MapModel } from "./map-model.ts";
import type { OverState } from "./map-over.ts";
import { cssColour } from "./modality-colours.ts";
import type { NameLayer } from "./name-layer.ts";
import type { Occupied } from "./occupied.ts";
import type { Frame } from "./painter.ts";
import type { Scene } from "./scene.ts";
import type { ThumbnailLoader } from "./thumbnail-loader.ts";
import type { Size } from "./view-transform.ts";

/** CSS pixels around a picture, in the colour of its concept. */
export const pictureBorder = 2;
/** Share of the map that pictures would cover if all concepts in view had one: more would be a heap. */
const mostCovered = 0.6;
/** A little more may come into view before pictures go again. */
const patience = 1.2;

export class PictureLayer {
  /** Whether there was room for pictures in the last frame. */
  readonly active: ReadonlySignal<boolean>;
  readonly #active = signal(false);
  readonly #model: MapModel;
  readonly #opened: OpenDictionary;
  readonly #thumbnails: ThumbnailLoader;
  #shown: readonly number[] = [];

  constructor(model: MapModel, opened: OpenDictionary, thumbnails: ThumbnailLoader) {
    this.active = this.#active;
    this.#model = model;
    this.#opened = opened;
    this.#thumbnails = thumbnails;
  }

  /** Concepts that a picture stands for, the most energetic first. */
  get shown(): readonly number[] {
    return this.#shown;
  }

  /** Gives the concepts whose names have a place below their pictures, with how far below of their centres. */
  paint(
    context: CanvasRenderingContext2D,
    { view }: Frame,
    state: OverState,
    occupied: Occupied,
    names: NameLayer,
  ): ReadonlyMap<number, number> {
    const model = this.#model;
    const scene = model.scene.peek();
    const size = model.size.peek();
    const candidates = model.byEnergy.peek();
    const side = state.thumbnailSide;
    const room = side === 0 ? 0 : (mostCovered * size.width * size.height) / side ** 2;
    const inView = countInView(scene, candidates, view, size, room * patience);
    this.#active.value = side > 0 && inView <= (this.#active.peek() ? room * patience : room);
    if (!this.#active.peek()) {
      this.#shown = [];
      this.#thumbnails.want([]);
      return new Map();
    }
    const half = side / 2 + pictureBorder;
    const rowOf = topImageRows(this.#opened);
    const rows = new Map<number, number>();
    const named = new Map<number, number>();
    let namesLeft = state.names ? names.limit : 0;
    const placed = placeLabels({
      candidates,
      scene,
      view,
      size,
      kept: this.#shown,
      limit: Math.ceil(room),
      boxOf: (concept, x, y) => {
        const row = rowOf(concept);
        if (row === null || this.#thumbnails.get(row) === null) return null;
        rows.set(concept, row);
        return { left: x - half, right: x + half, top: y - half, bottom: y + half };
      },
      occupied,
      placed: (concept, x, y) => {
        // Together with its picture, while there is room between pictures.
        const box = namesLeft > 0 ? names.boxOf(concept, x, y, half, state) : null;
        if (box === null || !occupied.take(box)) return;
        named.set(concept, half);
        namesLeft--;
      },
    });
    this.#shown = placed.filter((concept) => this.#thumbnails.get(rows.get(concept)!) !== undefined);
    this.#thumbnails.want(placed.map((concept) => rows.get(concept)!));
    for (const concept of this.#shown.toReversed()) {
      const picture = this.#thumbnails.get(rows.get(concept)!);
      if (picture === null || picture === undefined) continue;
      const x = Math.round(scene.x[concept]! * view.scale + view.offsetX - side / 2);
      const y = Math.round(scene.y[concept]! * view.scale + view.offsetY - side / 2);
      const [red = 0, green = 0, blue = 0] = scene.colour.subarray(3 * concept, 3 * concept + 3);
      context.fillStyle = cssColour([red, green, blue]);
      context.fillRect(
        x - pictureBorder,
        y - pictureBorder,
        side + 2 * pictureBorder,
        side + 2 * pictureBorder,
      );
      context.drawImage(picture, x, y, side, side);
    }
    return named;
  }

  /** The concept whose picture covers the pixel. */
  at(x: number, y: number, side: number): number | null {
    const scene = this.#model.scene.peek();
    const view = this.#model.view.peek();
    const half = side / 2 + pictureBorder;
    const covers = (concept: number): boolean =>
      Math.abs(scene.x[concept]! * view.scale + view.offsetX - x) <= half &&
      Math.abs(scene.y[concept]! * view.scale + view.offsetY - y) <= half;
    return this.#shown.find(covers) ?? null;
  }
}

/** The row of a concept's strongest picture; null without one, or while it is not known. */
function topImageRows({ columns, tables, labels }: OpenDictionary): (concept: number) => number | null {
  if (!tables.numericColumns.includes("topImage"))
    return (concept) => labels.get(concept)?.image?.row ?? null;
  const rows = valueOf(columns.get("topImage"));
  return (concept) => {
    const row = rows?.[concept] ?? NaN;
    return Number.isNaN(row) ? null : row;
  };
}

/** Up to `most`, which is as good as more. */
function countInView(
  { x, y }: Scene,
  concepts: Uint32Array,
  view: Frame["view"],
  size: Size,
  most: number,
): number {
  let count = 0;
  for (const j of concepts) {
    const left = x[j]! * view.scale + view.offsetX;
    const top = y[j]! * view.scale + view.offsetY;
    if (left >= 0 && top >= 0 && left <= size.width && top <= size.height && ++count > most) break;
  }
  return count;
}
