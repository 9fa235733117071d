/** The concept map: every concept a point, with the filters and the selected concept beside it. */
import "./map-view.css";
import type { JSX } from "preact";
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { useServices } from "../explorer-context.ts";
import { activeRows, isDead } from "../data/concept-columns.ts";
import type { Bridge } from "../data/dictionary-tables.ts";
import { cameraOf, rounded, viewOf, zoomLimits, type Camera } from "../map/camera.ts";
import { modalityWords } from "../map/modality-colours.ts";
import { nearestPoint } from "../map/nearest-point.ts";
import { paintOverlay } from "../map/overlay.ts";
import { createScene, placesInView, pointGrowth } from "../map/scene.ts";
import { splatPainter } from "../map/splat-painter.ts";
import { boundsOf, fit, pan, zoomAt, type ViewTransform } from "../map/view-transform.ts";
import { conceptName } from "../stores/concept-name.ts";
import type { OpenDictionary } from "../stores/explorer-store.ts";
import { Icon } from "../widgets/icon.tsx";
import { significant } from "../widgets/number-text.ts";
import { Picture, shortened } from "../widgets/picture.tsx";
import { ConceptCard } from "./concept-card.tsx";
import { ConceptFilters } from "./concept-filters.tsx";
import { useConceptWalk } from "./use-concept-walk.ts";
import { MapLegend } from "./map-legend.tsx";

export function MapView({ opened }: { opened: OpenDictionary | null }): JSX.Element {
  useConceptWalk("list");
  return (
    <div class="map-view">
      <div class="map-side">
        <ConceptFilters opened={opened} />
        <ConceptCard opened={opened} />
      </div>
      {opened === null ? (
        <div class="map" aria-busy="true" />
      ) : (
        <ConceptMap key={opened.summary.name} opened={opened} />
      )}
    </div>
  );
}

function ConceptMap({ opened }: { opened: OpenDictionary }): JSX.Element {
  const { explorer, theme } = useServices();
  const box = useRef<HTMLDivElement>(null);
  const points = useRef<HTMLCanvasElement>(null);
  const overlay = useRef<HTMLCanvasElement>(null);
  const [size, setSize] = useState({ width: 0, height: 0 });
  const [camera, setCamera] = useCamera();
  const [hovered, setHovered] = useState<{ concept: number; x: number; y: number } | null>(null);
  const [bridges, setBridges] = useState<readonly Bridge[]>([]);
  const { concepts } = opened.tables;
  const selection = explorer.selection.value;
  const selected = explorer.address.value.concept;
  const mode = theme.theme.value;
  const scene = useMemo(
    () => createScene(concepts, selection?.passes ?? new Uint8Array(concepts.count).fill(1), mode),
    [concepts, selection, mode],
  );
  const showDead = explorer.address.value.filter.dead;
  const places = useMemo(() => placesInView(concepts, showDead), [concepts, showDead]);
  const fitted = useMemo(() => fit(boundsOf(places.x, places.y), size, 36), [places, size]);
  const now = camera === null ? fitted : viewOf(camera, fitted.scale, size);
  const setView = (next: ViewTransform | null): void =>
    setCamera(next === null ? null : cameraOf(next, fitted.scale, size));
  const growth = pointGrowth(now.scale, fitted.scale, size);
  const painter = useMemo(
    () => (size.width === 0 ? null : splatPainter(points.current!)),
    [size.width === 0],
  );

  useEffect(() => {
    const observer = new ResizeObserver(([entry]) => {
      if (entry !== undefined) setSize({ width: entry.contentRect.width, height: entry.contentRect.height });
    });
    observer.observe(box.current!);
    return () => observer.disconnect();
  }, []);

  useEffect(() => {
    painter?.resize(size.width, size.height, window.devicePixelRatio);
    const canvas = overlay.current!;
    canvas.width = Math.round(size.width * window.devicePixelRatio);
    canvas.height = Math.round(size.height * window.devicePixelRatio);
  }, [painter, size]);

  const shown = hovered?.concept ?? selected;
  useEffect(() => {
    let current = true;
    setBridges([]);
    if (shown !== null && shown < concepts.count) {
      void Promise.all([opened.tables.bridgesFromImages(shown), opened.tables.bridgesToTexts(shown)]).then(
        ([from, to]) => current && setBridges([...from.slice(0, 12), ...to.slice(0, 12)]),
        () => current && setBridges([]),
      );
    }
    return () => {
      current = false;
    };
  }, [opened, shown]);

  useEffect(() => {
    if (size.width === 0) return undefined;
    const frame = requestAnimationFrame(() => {
      painter?.paint(scene, now, growth);
      // The view may have been left before the frame came.
      const context = overlay.current?.getContext("2d");
      if (context === null || context === undefined) return;
      const ratio = window.devicePixelRatio;
      context.setTransform(ratio, 0, 0, ratio, 0, 0);
      context.clearRect(0, 0, size.width, size.height);
      paintOverlay(
        context,
        scene,
        now,
        growth,
        { selected, hovered: hovered?.concept ?? null, bridges },
        mode,
      );
    });
    return () => cancelAnimationFrame(frame);
  }, [painter, scene, now.scale, now.offsetX, now.offsetY, growth, size, selected, hovered, bridges, mode]);

  const drag = useRef<{ x: number; y: number; moved: boolean } | null>(null);
  const at = (event: PointerEvent | WheelEvent): { x: number; y: number } => {
    const { left, top } = box.current!.getBoundingClientRect();
    return { x: event.clientX - left, y: event.clientY - top };
  };
  const limits = { least: fitted.scale * zoomLimits.least, greatest: fitted.scale * zoomLimits.greatest };
  const zoom = (factor: number): void =>
    setView(zoomAt(now, factor, size.width / 2, size.height / 2, limits));

  return (
    <div
      class="map"
      ref={box}
      onWheel={(event) => {
        event.preventDefault();
        const { x, y } = at(event);
        setView(zoomAt(now, Math.exp(-event.deltaY * 0.0015), x, y, limits));
      }}
      onPointerDown={(event) => {
        drag.current = { ...at(event), moved: false };
        event.currentTarget.setPointerCapture(event.pointerId);
      }}
      onPointerMove={(event) => {
        const { x, y } = at(event);
        const from = drag.current;
        if (from !== null) {
          if (!from.moved && Math.hypot(x - from.x, y - from.y) < 4) return;
          setView(pan(now, x - from.x, y - from.y));
          drag.current = { x, y, moved: true };
          setHovered(null);
          return;
        }
        const concept = nearestPoint(scene, now, growth, x, y);
        setHovered(concept === null ? null : { concept, x, y });
      }}
      onPointerUp={(event) => {
        const from = drag.current;
        drag.current = null;
        if (from === null || from.moved) return;
        const { x, y } = at(event);
        const concept = nearestPoint(scene, now, growth, x, y);
        if (concept !== null) explorer.navigate({ view: "concept", concept });
        else if (selected !== null) explorer.navigate({ concept: null });
      }}
      onPointerLeave={() => setHovered(null)}
    >
      <canvas
        ref={points}
        class="map-points"
        aria-label="Concept map; the concept list holds the same as a table"
        role="img"
      />
      <canvas ref={overlay} class="map-overlay" aria-hidden="true" />
      <div
        class="map-buttons"
        onPointerDown={(event) => event.stopPropagation()}
        onPointerUp={(event) => event.stopPropagation()}
      >
        <button type="button" class="icon-button" aria-label="Zoom in" onClick={() => zoom(1.5)}>
          <Icon name="plus" />
        </button>
        <button type="button" class="icon-button" aria-label="Zoom out" onClick={() => zoom(1 / 1.5)}>
          <Icon name="minus" />
        </button>
        <button type="button" class="icon-button" aria-label="Show all" onClick={() => setView(null)}>
          <Icon name="fit" />
        </button>
      </div>
      {size.width > 0 && <MapLegend scene={scene} growth={growth} />}
      {hovered !== null && <Tooltip opened={opened} {...hovered} width={size.width} height={size.height} />}
    </div>
  );
}

/** Moves are followed at once and written to the address bar when the map comes to rest. */
function useCamera(): [Camera | null, (camera: Camera | null) => void] {
  const { explorer } = useServices();
  const inAddress = explorer.address.value.camera;
  const [moving, setMoving] = useState<{ camera: Camera | null; from: Camera | null } | null>(null);
  const rest = useRef(0);
  useEffect(() => () => clearTimeout(rest.current), []);
  // An address that changed meanwhile (back, forward) wins over a move that began before it.
  const current = moving !== null && moving.from === inAddress ? moving.camera : inAddress;
  return [
    current,
    (camera) => {
      setMoving({ camera, from: inAddress });
      clearTimeout(rest.current);
      rest.current = window.setTimeout(
        () => explorer.navigate({ camera: camera && rounded(camera) }, "replace"),
        160,
      );
    },
  ];
}

interface TooltipProps {
  opened: OpenDictionary;
  concept: number;
  x: number;
  y: number;
  width: number;
  height: number;
}

function Tooltip({ opened, concept, x, y, width, height }: TooltipProps): JSX.Element {
  const { explorer } = useServices();
  const { concepts } = opened.tables;
  const dead = isDead(concepts, concept);
  const label = dead ? undefined : opened.labels.get(concept);
  const image = label?.image ?? null;
  const side = x > width / 2 ? { right: `${width - x + 16}px` } : { left: `${x + 16}px` };
  const edge = y > height / 2 ? { bottom: `${height - y}px` } : { top: `${y}px` };
  return (
    <div class="tooltip" style={{ ...side, ...edge }}>
      {image !== null && (
        <Picture
          whyNot={explorer.whyNoPicture}
          item={image}
          address={explorer.picture(image.row)}
          size="tile"
        />
      )}
      <strong>Concept {concept}</strong>
      <span>
        {modalityWords(concepts.modalityScore[concept]!, activeRows(concepts, concept))} · energy{" "}
        {significant(concepts.energy[concept]!)}
      </span>
      <span class="tooltip-name" dir="auto">
        {shortened(conceptName(label, dead, opened.labels.givenName(concept)).text, 140)}
      </span>
    </div>
  );
}
