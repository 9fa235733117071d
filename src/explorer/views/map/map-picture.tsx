/** The map's picture with what lies around it: tools, legend, the tooltip, words for screen readers. */
import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect, useMemo, useRef } from "preact/hooks";
import { useServices } from "../../explorer-context.ts";
import { activeRows } from "../../data/concept-columns.ts";
import { createMapModel } from "../../map/map-model.ts";
import { mapName } from "../../map/map-names.ts";
import { modalityWords } from "../../map/modality-colours.ts";
import type { Polygon } from "../../map/polygon.ts";
import { noFilter } from "../../stores/concept-selection.ts";
import type { OpenDictionary } from "../../stores/explorer-store.ts";
import { Icon } from "../../widgets/icon.tsx";
import { counted, significant } from "../../widgets/number-text.ts";
import { useShortcuts } from "../../frame/use-shortcuts.ts";
import { useConceptWalk } from "../use-concept-walk.ts";
import { mapShortcuts } from "./map-shortcuts.ts";
import { MapLegend } from "./map-legend.tsx";
import { MapToolbar } from "./map-toolbar.tsx";
import { MapTooltip } from "./map-tooltip.tsx";
import { useMapPointer, type Tool } from "./use-map-pointer.ts";
import { useMapStage } from "./use-map-stage.ts";

export function MapPicture({ opened, onNone }: { opened: OpenDictionary; onNone: () => void }): JSX.Element {
  const { explorer, theme, announcer } = useServices();
  const surface = useRef<HTMLDivElement>(null);
  const overlay = useRef<HTMLCanvasElement>(null);
  const tool = useSignal<Tool>("move");
  const drawing = useSignal<Polygon | null>(null);
  const pointer = useSignal<{ x: number; y: number } | null>(null);
  const model = useMemo(
    () =>
      createMapModel(explorer, opened, theme.theme, {
        later: (work, milliseconds) => {
          const timer = setTimeout(work, milliseconds);
          return () => clearTimeout(timer);
        },
      }),
    [opened],
  );
  useEffect(() => () => model.dispose(), [model]);
  const stage = useMapStage(surface, overlay, model, opened, drawing, onNone);
  const pictures = useRef(stage.pictures);
  pictures.current = stage.pictures;
  const handlers = useMapPointer({ surface, model, pictures, tool, drawing, pointer });

  const say = (concept: number): void => {
    const { modalityScore, energy } = opened.tables.concepts;
    const name = mapName(opened, concept) ?? "no name";
    const words = modalityWords(modalityScore[concept]!, activeRows(opened.tables.concepts, concept));
    announcer.say(`Concept ${concept}, ${name}, ${words}, energy ${significant(energy[concept]!)}`);
  };
  useConceptWalk("map");
  useShortcuts("Map", mapShortcuts(explorer, model, say, drawing));

  const hovered = explorer.hovered.value;
  const place = pointer.value;
  const { width, height } = model.size.value;
  return (
    <div
      class="map"
      data-painter={stage.kind ?? undefined}
      data-tool={tool.value}
      data-picked={explorer.picked.concepts.value.length > 0}
    >
      <div
        class="map-surface"
        ref={surface}
        tabIndex={0}
        role="application"
        aria-label={`Map of ${counted(opened.tables.concepts.count, "concept")}. Arrow keys go to the nearest concept that way, Enter opens it, plus, minus and 0 zoom. “Show as a list” has the same as a list.`}
        {...handlers}
      >
        <canvas ref={overlay} class="map-overlay" aria-hidden="true" />
      </div>
      <MapToolbar model={model} opened={opened} stage={stage} tool={tool} />
      <div class="map-buttons">
        <button type="button" class="icon-button" aria-label="Zoom in" onClick={() => model.zoomBy(1.5)}>
          <Icon name="plus" />
        </button>
        <button type="button" class="icon-button" aria-label="Zoom out" onClick={() => model.zoomBy(1 / 1.5)}>
          <Icon name="minus" />
        </button>
        <button type="button" class="icon-button" aria-label="Show all" onClick={() => model.show(null)}>
          <Icon name="fit" />
        </button>
      </div>
      {stage.kind !== null && <MapLegend model={model} opened={opened} theme={theme.theme.value} />}
      {model.nothingInView.value && model.byEnergy.value.length > 0 && (
        <p class="map-nothing" role="status">
          No concept in view.{" "}
          <button type="button" class="button" onClick={() => model.show(null)}>
            Show all
          </button>
        </p>
      )}
      {model.byEnergy.value.length === 0 && explorer.selection.value !== null && (
        <p class="map-nothing" role="status">
          No concept passes the filters.{" "}
          <button
            type="button"
            class="button"
            onClick={() => explorer.navigate({ filter: noFilter, onlyPicked: false }, "replace")}
          >
            Clear filters
          </button>
        </p>
      )}
      {hovered !== null && place !== null && (
        <MapTooltip opened={opened} concept={hovered} {...place} width={width} height={height} />
      )}
    </div>
  );
}
