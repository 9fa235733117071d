/** What the map shows, derived from the address, the dictionary and the window. No DOM. */
import { batch, computed, effect, signal, type ReadonlySignal, type Signal } from "@preact/signals";
import { isSignificant } from "../../metrics/bridge-significance.ts";
import { hasPrincipalPlaces, principalPlaces } from "../stores/principal-places.ts";
import type { PlacedColumns } from "../data/concept-columns.ts";
import type { Bridge } from "../data/dictionary-tables.ts";
import type { Explorer, OpenDictionary } from "../stores/explorer-store.ts";
import { valueOf } from "../stores/loadable.ts";
import { cameraOf, rounded, viewOf, zoomLimits, type Camera } from "./camera.ts";
import { colouringBy, type Colouring } from "./colouring.ts";
import { densityContours, type Rings } from "./contours.ts";
import type { Theme } from "./modality-colours.ts";
import { gridOf } from "./paint-axes.ts";
import { noGrid, type Frame, type Journey } from "./painter.ts";
import { planeOf, type Plane, type PlaneName } from "./planes.ts";
import { createScene, placesInView, pointGrowth, type Scene } from "./scene.ts";
import { boundsOf, fit, pan, zoomAt, type Size, type ViewTransform } from "./view-transform.ts";

export interface MapModel {
  readonly size: Signal<Size>;
  /** The plane in view: the concept map while another one's places are not there. */
  readonly plane: ReadonlySignal<Plane>;
  /** Whether the analysis has places in the principal plane. */
  readonly hasPrincipal: boolean;
  readonly colouring: ReadonlySignal<Colouring>;
  readonly scene: ReadonlySignal<Scene>;
  /** Everything in view. */
  readonly fitted: ReadonlySignal<ViewTransform>;
  readonly view: ReadonlySignal<ViewTransform>;
  /** How many times larger than fitted. */
  readonly zoom: ReadonlySignal<number>;
  /** What multiplies every radius. */
  readonly growth: ReadonlySignal<number>;
  readonly frame: ReadonlySignal<Frame>;
  /** Whether there are concepts that pass, but elsewhere. */
  readonly nothingInView: ReadonlySignal<boolean>;
  readonly journey: Signal<Journey | null>;
  readonly contours: ReadonlySignal<Rings>;
  /** Concepts that pass, most energetic first. */
  readonly byEnergy: ReadonlySignal<Uint32Array>;
  /** The concept whose bridges are shown: the one pointed at, else the selected one. */
  readonly focus: ReadonlySignal<number | null>;
  readonly arcs: ReadonlySignal<Arcs>;
  showPlane(name: PlaneName): void;
  /** Null shows all of the plane. */
  show(view: ViewTransform | null): void;
  pan(dx: number, dy: number): void;
  /** By default around the middle of the picture. */
  zoomBy(factor: number, x?: number, y?: number): void;
  dispose(): void;
}

/** Bridges drawn as arcs, and how many there were to draw. */
export interface Arcs {
  shown: readonly Bridge[];
  of: number;
}

export interface MapEffects {
  /** Runs work after so many milliseconds; gives back what keeps it from running. */
  later: (work: () => void, milliseconds: number) => () => void;
}

/** CSS pixels around the points of the fitted view, and more above them for the tools. */
const margin = 40;
const above = { wide: 36, narrow: 76 };
/** Windows of this width or less have the tools in two rows. */
const narrow = 560;
/** Milliseconds: the address is written when the map has come to rest, bridges read when the pointer has. */
const rest = 160;
const pause = 90;
/** Arcs in each direction. */
const mostArcs = 12;
const noArcs: Arcs = { shown: [], of: 0 };

export function createMapModel(
  explorer: Explorer,
  opened: OpenDictionary,
  theme: ReadonlySignal<Theme>,
  { later }: MapEffects,
): MapModel {
  const { tables, columns } = opened;
  const { count } = tables.concepts;
  const { address, picked } = explorer;
  /** Changes only when one of its columns does, whatever else of the concepts arrives. */
  const column = (name: "x" | "y" | "energy" | "active" | "modalityScore") =>
    computed(() => tables.concepts[name]);
  const [x, y, energy, active, modalityScore] = [
    column("x"),
    column("y"),
    column("energy"),
    column("active"),
    column("modalityScore"),
  ];
  const concepts = computed((): PlacedColumns => ({
    count,
    x: x.value,
    y: y.value,
    energy: energy.value,
    active: active.value,
    modalityScore: modalityScore.value,
  }));
  const size = signal<Size>({ width: 0, height: 0 });
  const journey = signal<Journey | null>(null);
  /** A move that the address does not say yet, and what the address said when it began. */
  const moving = signal<{ camera: Camera | null; from: Camera | null; plane: PlaneName } | null>(null);

  const wishedPlane = computed(() => address.value.plane);
  const principal = computed(() => (wishedPlane.value === "pca" ? principalPlaces(opened) : null));
  const plane = computed(() => {
    const places = principal.value;
    return planeOf(wishedPlane.value, concepts.value, places) ?? planeOf("umap", concepts.value, null)!;
  });

  const colourColumn = computed(() => address.value.colour);
  const colouring = computed(() => {
    const values = valueOf(columns.get(colourColumn.value));
    return values === null
      ? colouringBy("modalityScore", modalityScore.value)
      : colouringBy(colourColumn.value, values);
  });

  const allPass = new Uint8Array(count).fill(1);
  const scene = computed(() => {
    const selection = explorer.selection.value;
    return createScene({
      columns: concepts.value,
      plane: plane.value,
      colouring: colouring.value,
      passes: selection?.passes ?? allPass,
      isPicked: picked.concepts.value.length > 0 ? (j) => picked.has(j) : null,
      theme: theme.value,
    });
  });
  const dead = computed(() => address.value.filter.dead);
  const bounds = computed(() => {
    const places = placesInView(concepts.value, plane.value, dead.value);
    return boundsOf(places.x, places.y);
  });
  const fitted = computed(() => {
    const { width, height } = size.value;
    const tools = width > narrow ? above.wide : above.narrow;
    return pan(fit(bounds.value, { width, height: height - tools }, margin), 0, tools);
  });
  const camera = computed(() => {
    const said = address.value.camera;
    // An address that changed meanwhile (back, forward) wins over a move that began before it.
    const move = moving.value;
    return move !== null && move.from === said && move.plane === wishedPlane.value ? move.camera : said;
  });
  const view = computed(() =>
    camera.value === null ? fitted.value : viewOf(camera.value, fitted.value.scale, size.value),
  );
  const zoom = computed(() => view.value.scale / fitted.value.scale);
  const growth = computed(() => pointGrowth(view.value.scale, fitted.value.scale, size.value));
  const frame = computed((): Frame => ({
    view: view.value,
    growth: growth.value,
    // On the way between planes places mean nothing.
    grid: journey.value === null ? gridOf(plane.value, view.value, size.value) : noGrid,
    journey: journey.value,
  }));
  const nothingInView = computed(() => {
    const { scale, offsetX, offsetY } = view.value;
    const { width, height } = size.value;
    const { x, y } = scene.value;
    if (width === 0) return false;
    return !byEnergy.value.some((j) => {
      const left = x[j]! * scale + offsetX;
      const top = y[j]! * scale + offsetY;
      return left >= 0 && top >= 0 && left <= width && top <= height;
    });
  });

  const byEnergy = computed(() => {
    const { passes, order } = scene.value;
    return order.filter((j) => passes[j] === 1).sort((a, b) => energy.value[b]! - energy.value[a]! || a - b);
  });
  const contourless = computed(() => address.value.contourless);
  const contours = signal<Rings>([]);
  const stopContours = effect(() => {
    const { name, x: placesX, y: placesY } = plane.value;
    const points = byEnergy.value;
    contours.value = [];
    // Where places mean numbers, density has an end at the axes and no shape of its own.
    if (contourless.value || name === "energy") return undefined;
    // Not while a filter is being moved.
    return later(() => (contours.value = densityContours(placesX, placesY, points)), pause);
  });

  const focus = computed(() => {
    const concept = explorer.hovered.value ?? address.value.concept;
    return concept !== null && concept < count ? concept : null;
  });
  const bridges = signal<{ concept: number; from: Bridge[]; to: Bridge[] } | null>(null);
  const stopReading = effect(() => {
    const concept = focus.value;
    if (concept === null || bridges.peek()?.concept === concept) return undefined;
    return later(() => {
      Promise.all([tables.bridgesFromImages(concept), tables.bridgesToTexts(concept)]).then(
        ([from, to]) => {
          if (focus.peek() === concept) bridges.value = { concept, from, to };
        },
        // The concept's page says why bridges cannot be read; a map without arcs says enough.
        () => undefined,
      );
    }, pause);
  });
  const arcs = computed(() => {
    const read = bridges.value;
    if (read === null || read.concept !== focus.value) return noArcs;
    const wanted = (all: readonly Bridge[]): Bridge[] =>
      all.filter(
        (bridge) =>
          bridge.imageConcept !== bridge.textConcept &&
          (!address.value.significantOnly || isSignificant(bridge)),
      );
    const from = wanted(read.from);
    const to = wanted(read.to);
    return {
      shown: [...from.slice(0, mostArcs), ...to.slice(0, mostArcs)],
      of: from.length + to.length,
    };
  });

  let cancelRest = (): void => {};
  const show = (next: ViewTransform | null): void => {
    const moved = next === null ? null : cameraOf(next, fitted.peek().scale, size.peek());
    cancelRest();
    const { camera: from, plane: on } = address.peek();
    moving.value = { camera: moved, from, plane: on };
    cancelRest = later(() => {
      explorer.navigate({ camera: moved === null ? null : rounded(moved) }, "replace");
    }, rest);
  };

  return {
    size,
    plane,
    hasPrincipal: hasPrincipalPlaces(opened),
    colouring,
    scene,
    fitted,
    view,
    zoom,
    growth,
    frame,
    nothingInView,
    journey,
    contours,
    byEnergy,
    focus,
    arcs,
    showPlane(name) {
      cancelRest();
      batch(() => {
        moving.value = null;
        explorer.navigate({ plane: name, camera: null }, "replace");
      });
    },
    show,
    pan: (dx, dy) => show(pan(view.peek(), dx, dy)),
    zoomBy(factor, x, y) {
      const { width, height } = size.peek();
      const least = fitted.peek().scale * zoomLimits.least;
      const greatest = fitted.peek().scale * zoomLimits.greatest;
      show(zoomAt(view.peek(), factor, x ?? width / 2, y ?? height / 2, { least, greatest }));
    },
    dispose: () =>
      batch(() => {
        cancelRest();
        stopReading();
        stopContours();
        explorer.hovered.value = null;
      }),
  };
}
