/** Above the map: which plane, coloured by what, what lies over it, and what dragging does. */
import "./map-toolbar.css";
import type { Signal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { useServices } from "../../explorer-context.ts";
import { colourColumns, columnFacts, stabilityColumn } from "../../data/column-facts.ts";
import type { MapModel } from "../../map/map-model.ts";
import type { PlaneName } from "../../map/planes.ts";
import type { OpenDictionary } from "../../stores/explorer-store.ts";
import { Icon, type IconName } from "../../widgets/icon.tsx";
import { thumbnailSizes } from "./map.ts";
import { MapDownloads } from "./map-downloads.tsx";
import type { MapStage } from "./use-map-stage.ts";
import type { Tool } from "./use-map-pointer.ts";

const planes: readonly { plane: PlaneName; name: string; title: string }[] = [
  { plane: "umap", name: "Concept map", title: "Concepts that point alike lie close together (UMAP)" },
  {
    plane: "energy",
    name: "Modality × energy",
    title: "Captions left, pictures right; much used ones on top",
  },
  { plane: "pca", name: "PCA", title: "The two directions in which the concepts differ most" },
];
const tools: readonly { tool: Tool; icon: IconName; title: string }[] = [
  { tool: "move", icon: "move", title: "Drag to move the map" },
  { tool: "box", icon: "box", title: "Drag a box around concepts to choose them (or drag with Shift)" },
  { tool: "lasso", icon: "lasso", title: "Draw around concepts to choose them" },
];

interface ToolbarProps {
  model: MapModel;
  opened: OpenDictionary;
  stage: MapStage;
  tool: Signal<Tool>;
}

export function MapToolbar({ model, opened, stage, tool }: ToolbarProps): JSX.Element {
  const { explorer } = useServices();
  const { plane: wished, colour } = explorer.address.value;
  const columns = colourColumns(opened.tables.numericColumns);
  return (
    <div class="map-toolbar" role="toolbar" aria-label="Map">
      <div class="choice" role="group" aria-label="Plane">
        {planes.map(({ plane, name, title }) => {
          const lacking = plane === "pca" && !model.hasPrincipal;
          return (
            <button
              key={plane}
              type="button"
              aria-pressed={wished === plane}
              disabled={lacking}
              title={lacking ? "Measured by an older version: run viaduct analyze again to have it" : title}
              onClick={() => model.showPlane(plane)}
            >
              {name}
            </button>
          );
        })}
      </div>
      <label class="map-colour">
        <span>Colour</span>
        <select
          value={colour}
          onChange={(event) => explorer.navigate({ colour: event.currentTarget.value }, "replace")}
        >
          {columns.map((column) => (
            <option
              key={column}
              value={column}
              disabled={column === stabilityColumn && opened.partners === null}
            >
              {columnFacts(column).name}
              {column === stabilityColumn && opened.partners === null ? " (run viaduct compare)" : ""}
            </option>
          ))}
        </select>
      </label>
      <ShownMenu />
      <MapDownloads model={model} opened={opened} stage={stage} />
      <div class="choice map-tools" role="group" aria-label="What dragging does">
        {tools.map((one) => (
          <button
            key={one.tool}
            type="button"
            aria-pressed={tool.value === one.tool}
            aria-label={one.title}
            title={one.title}
            onClick={() => (tool.value = one.tool)}
          >
            <Icon name={one.icon} />
          </button>
        ))}
      </div>
    </div>
  );
}

/** What lies over the points. */
function ShownMenu(): JSX.Element {
  const { explorer } = useServices();
  const { thumbnails, nameless, contourless, significantOnly } = explorer.address.value;
  const menu = useRef<HTMLDetailsElement>(null);
  useEffect(() => {
    const close = (event: Event): void => {
      const details = menu.current;
      if (details === null || !details.open) return;
      if (event instanceof KeyboardEvent) {
        if (event.key !== "Escape") return;
        event.stopPropagation();
        details.querySelector("summary")?.focus();
      } else if (event.target instanceof Node && details.contains(event.target)) return;
      details.open = false;
    };
    document.addEventListener("pointerdown", close);
    document.addEventListener("keydown", close, true);
    return () => {
      document.removeEventListener("pointerdown", close);
      document.removeEventListener("keydown", close, true);
    };
  }, []);
  const check = (text: string, on: boolean, change: (on: boolean) => void): JSX.Element => (
    <label>
      <input type="checkbox" checked={on} onChange={(event) => change(event.currentTarget.checked)} /> {text}
    </label>
  );
  return (
    <details class="map-shown" ref={menu}>
      <summary class="button">Show</summary>
      <div class="map-shown-list">
        {check("Names", !nameless, (on) => explorer.navigate({ nameless: !on }, "replace"))}
        {check("Density lines, from afar", !contourless, (on) =>
          explorer.navigate({ contourless: !on }, "replace"),
        )}
        {check("Significant bridges only", significantOnly, (on) =>
          explorer.navigate({ significantOnly: on }, "replace"),
        )}
        <fieldset>
          <legend>Pictures, when there is room</legend>
          <div class="choice">
            {(["off", ...thumbnailSizes.filter((size) => size !== "off").toSorted(bySide)] as const).map(
              (size) => (
                <button
                  key={size}
                  type="button"
                  aria-pressed={thumbnails === size}
                  onClick={() => explorer.navigate({ thumbnails: size }, "replace")}
                >
                  {size}
                </button>
              ),
            )}
          </div>
        </fieldset>
        <button
          type="button"
          class="button"
          onClick={() => explorer.navigate({ painter: "list" }, "replace")}
        >
          Show as a list
        </button>
      </div>
    </details>
  );
}

const sides = ["off", "small", "medium", "large"];

function bySide(a: string, b: string): number {
  return sides.indexOf(a) - sides.indexOf(b);
}
