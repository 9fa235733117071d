/** Puts the map's canvases into the page and keeps them painted. */
import { effect, signal, type Signal } from "@preact/signals";
import type { RefObject } from "preact";
import { useEffect, useState } from "preact/hooks";
import { useServices } from "../../explorer-context.ts";
import type { MapModel } from "../../map/map-model.ts";
import { paintOver, type OverState } from "../../map/map-over.ts";
import { NameLayer } from "../../map/name-layer.ts";
import { choosePainter, painterOrder, webglRenderer } from "../../map/painter-choice.ts";
import type { PainterKind } from "../../map/painter.ts";
import { PictureLayer } from "../../map/picture-layer.ts";
import type { Polygon } from "../../map/polygon.ts";
import { createStage } from "../../map/stage.ts";
import { ThumbnailLoader } from "../../map/thumbnail-loader.ts";
import { thumbnailPicture } from "../../map/thumbnail-picture.ts";
import type { OpenDictionary } from "../../stores/explorer-store.ts";
import { startJourneys } from "./journeys.ts";
import type { ThumbnailChoice } from "./map.ts";

export const thumbnailSides: Readonly<Record<ThumbnailChoice, number>> = {
  off: 0,
  small: 28,
  medium: 44,
  large: 72,
};

/** More device pixels than this take time and are not seen. */
const mostPixels = 2;

/** Browsers give few WebGL contexts: one question is enough. */
let rendererAsked: string | null | undefined;

export interface MapStage {
  /** Null until there is one. */
  pictures: PictureLayer | null;
  names: NameLayer | null;
  kind: PainterKind | null;
  png: (() => Promise<Blob>) | null;
}

const nothing: MapStage = { pictures: null, names: null, kind: null, png: null };

/** `drawing`: the area that is being drawn, in CSS pixels. `onNone`: nothing can paint here. */
export function useMapStage(
  surface: RefObject<HTMLDivElement | null>,
  overlay: RefObject<HTMLCanvasElement | null>,
  model: MapModel,
  opened: OpenDictionary,
  drawing: Signal<Polygon | null>,
  onNone: () => void,
): MapStage {
  const { explorer, theme } = useServices();
  const wish = explorer.address.value.painter;
  const [state, setState] = useState(nothing);
  /** Times that the GPU gave up; then pixels take over. */
  const [losses, setLosses] = useState(0);

  useEffect(() => {
    const box = surface.current!;
    const makeCanvas = (): HTMLCanvasElement => document.createElement("canvas");
    rendererAsked ??= wish === "auto" ? webglRenderer(makeCanvas) : undefined;
    const order = losses > 0 ? (["pixels"] as const) : painterOrder(wish, rendererAsked ?? null);
    const chosen = choosePainter(order, makeCanvas);
    if (chosen === null) {
      onNone();
      return undefined;
    }
    const { painter, canvas } = chosen;
    canvas.className = "map-points";
    canvas.setAttribute("aria-hidden", "true");
    canvas.addEventListener("webglcontextlost", () => setLosses((before) => before + 1));
    box.prepend(canvas);

    const arrived = signal(0);
    const thumbnails = new ThumbnailLoader({
      load: async (row) => {
        const picture = explorer.picture(row);
        return picture === null ? null : thumbnailPicture(picture);
      },
      arrived: () => arrived.value++,
    });
    const layers = {
      pictures: new PictureLayer(model, opened, thumbnails),
      names: new NameLayer(model, opened),
    };
    const stage = createStage(painter, canvas, overlay.current!, {
      requestFrame: (callback) => requestAnimationFrame(callback),
      cancelFrame: (request) => cancelAnimationFrame(request),
    });
    const { fontFamily } = getComputedStyle(box);
    const pixelRatio = signal(1);
    const resize = (): void => {
      pixelRatio.value = Math.min(mostPixels, window.devicePixelRatio);
      const { width, height } = box.getBoundingClientRect();
      model.size.value = { width, height };
      stage.resize(model.size.value, pixelRatio.value);
    };
    const stops = [
      effect(() => stage.show(model.scene.value)),
      effect(() => stage.look(model.frame.value)),
      effect(() => {
        const { concept, nameless, thumbnails: size } = explorer.address.value;
        // What painting reads without asking to be told of it.
        void [model.contours.value, model.arcs.value, model.byEnergy.value, arrived.value];
        void [opened.labels.revision.value, opened.labels.names.revision.value, opened.words()];
        if (layers.pictures.active.value) void opened.columns.get("topImage");
        const current: OverState = {
          theme: theme.theme.value,
          fontFamily,
          pixelRatio: pixelRatio.value,
          selected: concept,
          hovered: explorer.hovered.value,
          names: !nameless,
          thumbnailSide: thumbnailSides[size],
          drawing: drawing.value,
        };
        stage.over((context, frame) => paintOver(context, frame, current, model, layers));
      }),
      startJourneys(model),
    ];
    const observer = new ResizeObserver(resize);
    observer.observe(box);
    window.addEventListener("resize", resize);
    resize();
    setState({ ...layers, kind: painter.kind, png: () => stage.picture() });
    return () => {
      observer.disconnect();
      window.removeEventListener("resize", resize);
      for (const stop of stops) stop();
      stage.dispose();
      canvas.remove();
    };
  }, [model, opened, wish, losses]);
  return state;
}
