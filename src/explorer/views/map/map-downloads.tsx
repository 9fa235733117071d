/** The map to take away: as a picture, as a drawing, as a table. */
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { useServices } from "../../explorer-context.ts";
import type { MapModel } from "../../map/map-model.ts";
import { mapName } from "../../map/map-names.ts";
import { mapSvg } from "../../map/map-svg.ts";
import { csvText, type Table } from "../../stores/csv-text.ts";
import type { OpenDictionary } from "../../stores/explorer-store.ts";
import { Menu } from "../../widgets/menu.tsx";
import { saveFile } from "../../widgets/save-file.ts";
import type { MapStage } from "./use-map-stage.ts";

interface DownloadsProps {
  model: MapModel;
  opened: OpenDictionary;
  stage: MapStage;
}

export function MapDownloads({ model, opened, stage }: DownloadsProps): JSX.Element {
  const { announcer, theme } = useServices();
  const [problem, setProblem] = useState<string | null>(null);
  const { plane, facts } = { plane: model.plane.value.name, facts: model.colouring.value.facts };
  const file = `${opened.summary.name}-map-${plane}`;
  const title = `Concepts of ${opened.summary.name}, coloured by ${facts.name.toLowerCase()}`;
  return (
    <>
      <Menu
        label="Take the map away"
        icon="download"
        items={[
          {
            text: "Download PNG",
            onChoose: () => {
              setProblem(null);
              stage.png?.().then(
                (blob) => saveFile(`${file}.png`, blob),
                () => {
                  setProblem("The browser could not draw the PNG; the SVG has the same.");
                  announcer.say("The browser could not draw the PNG; the SVG has the same.");
                },
              );
            },
          },
          {
            text: "Download SVG",
            onChoose: () =>
              saveFile(
                `${file}.svg`,
                mapSvg(model, stage.names?.written ?? [], theme.theme.peek(), title),
                "image/svg+xml",
              ),
          },
          {
            text: "Download CSV",
            onChoose: () =>
              saveFile(`${file}.csv`, csvText(mapTable(model, opened)), "text/csv;charset=utf-8"),
          },
        ]}
      />
      {problem !== null && <span role="alert">{problem}</span>}
    </>
  );
}

/** Concepts that pass the filters and have a place, the most energetic first. */
function mapTable(model: MapModel, opened: OpenDictionary): Table {
  const { x, y } = model.scene.peek();
  const { facts, values } = model.colouring.peek();
  const { modalityScore, energy } = opened.tables.concepts;
  const further = facts.column !== "modalityScore" && facts.column !== "energy";
  return {
    columns: ["concept", "name", "x", "y", "modalityScore", "energy", ...(further ? [facts.column] : [])],
    rows: Array.from(model.byEnergy.peek(), (j) => [
      j,
      mapName(opened, j) ?? null,
      x[j]!,
      y[j]!,
      modalityScore[j]!,
      energy[j]!,
      ...(further ? [values[j]!] : []),
    ]),
  };
}
