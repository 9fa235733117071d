/** What mouse, pen and fingers do on the map: move, pinch, point, choose, draw an area. */
import { batch, type Signal } from "@preact/signals";
import type { RefObject, TargetedPointerEvent, TargetedWheelEvent } from "preact";
import { useMemo } from "preact/hooks";
import { useServices } from "../../explorer-context.ts";
import type { MapModel } from "../../map/map-model.ts";
import { nearestPoint, slacks } from "../../map/nearest-point.ts";
import type { PictureLayer } from "../../map/picture-layer.ts";
import { pointsInside, type Polygon } from "../../map/polygon.ts";
import { counted } from "../../widgets/number-text.ts";
import { thumbnailSides } from "./use-map-stage.ts";

export type Tool = "move" | "box" | "lasso";

interface Place {
  x: number;
  y: number;
}

type Gesture =
  | { kind: "press"; from: Place; draws: "box" | "lasso" | null }
  | { kind: "move"; last: Place }
  | { kind: "draw"; shape: "box" | "lasso"; path: Place[] }
  | { kind: "pinch"; distance: number; middle: Place };

/** CSS pixels that a hand trembles. */
const still = 4;

interface Handlers {
  onWheel(event: TargetedWheelEvent<HTMLDivElement>): void;
  onPointerDown(event: TargetedPointerEvent<HTMLDivElement>): void;
  onPointerMove(event: TargetedPointerEvent<HTMLDivElement>): void;
  onPointerUp(event: TargetedPointerEvent<HTMLDivElement>): void;
  onPointerCancel(event: TargetedPointerEvent<HTMLDivElement>): void;
  onPointerLeave(event: TargetedPointerEvent<HTMLDivElement>): void;
}

export interface PointerParts {
  surface: RefObject<HTMLDivElement | null>;
  model: MapModel;
  pictures: RefObject<PictureLayer | null>;
  tool: Signal<Tool>;
  drawing: Signal<Polygon | null>;
  /** Where the mouse is while it points at a concept. */
  pointer: Signal<Place | null>;
}

export function useMapPointer(parts: PointerParts): Handlers {
  const { explorer, announcer } = useServices();
  const { surface, model, pictures, tool, drawing, pointer } = parts;
  return useMemo(() => {
    const pointers = new Map<number, Place>();
    let gesture: Gesture | null = null;

    const at = (event: MouseEvent): Place => {
      const { left, top } = surface.current!.getBoundingClientRect();
      return { x: event.clientX - left, y: event.clientY - top };
    };
    const conceptAt = ({ x, y }: Place, slack: number): number | null => {
      const { view, growth, journey } = model.frame.peek();
      if (journey !== null) return null;
      const side = thumbnailSides[explorer.address.peek().thumbnails];
      return pictures.current?.at(x, y, side) ?? nearestPoint(model.scene.peek(), view, growth, x, y, slack);
    };
    const point = (place: Place | null): void => {
      const concept = place === null ? null : conceptAt(place, slacks.fine);
      explorer.hovered.value = concept;
      pointer.value = concept === null ? null : place;
    };
    const choose = (place: Place, touched: boolean): void => {
      const concept = conceptAt(place, touched ? slacks.coarse : slacks.fine);
      const { concept: selected } = explorer.address.peek();
      if (concept === null) {
        if (selected !== null) explorer.navigate({ concept: null });
        // A finger cannot point without choosing: the first touch says what it is, the second opens it.
      } else if (touched && concept !== selected) explorer.navigate({ concept });
      else explorer.navigate({ view: "concept", concept });
    };
    const pinched = (): { distance: number; middle: Place } => {
      const [a, b] = [...pointers.values()] as [Place, Place];
      return {
        distance: Math.hypot(a.x - b.x, a.y - b.y),
        middle: { x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 },
      };
    };
    const pickDrawn = (more: boolean): void => {
      const drawn = drawing.peek();
      drawing.value = null;
      if (drawn === null || drawn.length < 3) return;
      const { scale, offsetX, offsetY } = model.view.peek();
      const { x, y } = model.scene.peek();
      const area = drawn.map(([px, py]) => [(px - offsetX) / scale, (py - offsetY) / scale] as const);
      const inside = pointsInside(area, x, y, model.byEnergy.peek());
      batch(() => {
        if (!more) explorer.picked.clear();
        explorer.picked.add(inside);
      });
      announcer.say(`${counted(inside.length, "concept")} picked`);
    };

    return {
      onWheel(event) {
        event.preventDefault();
        const { x, y } = at(event);
        // A pinch on a touch pad comes as a wheel with the control key.
        const step = event.deltaMode === 1 ? 18 * event.deltaY : event.deltaY;
        model.zoomBy(Math.exp(-step * (event.ctrlKey ? 0.01 : 0.0015)), x, y);
        point(null);
      },
      onPointerDown(event) {
        if (event.button !== 0) return;
        const place = at(event);
        pointers.set(event.pointerId, place);
        event.currentTarget.setPointerCapture(event.pointerId);
        if (pointers.size === 2) {
          drawing.value = null;
          gesture = { kind: "pinch", ...pinched() };
        } else if (pointers.size === 1) {
          const draws = event.shiftKey
            ? "box"
            : tool.peek() === "move"
              ? null
              : (tool.peek() as "box" | "lasso");
          gesture = { kind: "press", from: place, draws };
        }
        point(null);
      },
      onPointerMove(event) {
        const place = at(event);
        if (gesture === null) {
          if (event.pointerType === "mouse") point(place);
          return;
        }
        if (!pointers.has(event.pointerId)) return;
        pointers.set(event.pointerId, place);
        if (gesture.kind === "press") {
          const { from, draws } = gesture;
          if (Math.hypot(place.x - from.x, place.y - from.y) < still) return;
          gesture =
            draws === null ? { kind: "move", last: from } : { kind: "draw", shape: draws, path: [from] };
        }
        if (gesture.kind === "move") {
          model.pan(place.x - gesture.last.x, place.y - gesture.last.y);
          gesture.last = place;
        } else if (gesture.kind === "draw") {
          gesture.path.push(place);
          drawing.value = outline(gesture.shape, gesture.path);
        } else if (gesture.kind === "pinch" && pointers.size === 2) {
          const now = pinched();
          model.pan(now.middle.x - gesture.middle.x, now.middle.y - gesture.middle.y);
          model.zoomBy(now.distance / Math.max(1, gesture.distance), now.middle.x, now.middle.y);
          gesture = { kind: "pinch", ...now };
        }
      },
      onPointerUp(event) {
        const place = at(event);
        pointers.delete(event.pointerId);
        if (gesture?.kind === "press") choose(place, event.pointerType !== "mouse");
        else if (gesture?.kind === "draw") pickDrawn(event.shiftKey);
        const [rest] = pointers.values();
        gesture = gesture?.kind === "pinch" && rest !== undefined ? { kind: "move", last: rest } : null;
      },
      onPointerCancel(event) {
        pointers.delete(event.pointerId);
        drawing.value = null;
        gesture = null;
      },
      onPointerLeave() {
        if (gesture === null) point(null);
      },
    };
  }, [surface, model, tool, drawing, pointer]);
}

function outline(shape: "box" | "lasso", path: readonly Place[]): Polygon {
  if (shape === "lasso") return path.map(({ x, y }) => [x, y]);
  const [a, b] = [path[0]!, path.at(-1)!];
  return [
    [a.x, a.y],
    [b.x, a.y],
    [b.x, b.y],
    [a.x, b.y],
  ];
}
