/** The map: every concept a point, with the filters, the picked concepts and the selected one beside it. */
import "./map-view.css";
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { useServices } from "../../explorer-context.ts";
import type { OpenDictionary } from "../../stores/explorer-store.ts";
import { ConceptCard } from "../concept-card.tsx";
import { ConceptFilters } from "../concept-filters.tsx";
import type { ViewProps } from "../view.ts";
import { MapPicked } from "./map-picked.tsx";
import { MapList } from "./map-list.tsx";
import { MapPicture } from "./map-picture.tsx";

export function MapView({ opened }: ViewProps): JSX.Element {
  return (
    <div class="map-view">
      <div class="map-side">
        <ConceptFilters opened={opened} roomy />
        {opened !== null && <MapPicked opened={opened} />}
        <ConceptCard opened={opened} />
      </div>
      {opened === null ? (
        <div class="map" aria-busy="true" />
      ) : (
        <Concepts key={opened.summary.name} opened={opened} />
      )}
    </div>
  );
}

function Concepts({ opened }: { opened: OpenDictionary }): JSX.Element {
  const { explorer } = useServices();
  const [canDraw, setCanDraw] = useState(true);
  return !canDraw || explorer.address.value.painter === "list" ? (
    <MapList opened={opened} canDraw={canDraw} />
  ) : (
    <MapPicture opened={opened} onNone={() => setCanDraw(false)} />
  );
}
