/** What colour, size and arcs of the map mean, with the scale of each. */
import "./map-legend.css";
import type { JSX } from "preact";
import { radiusOf, type Scene } from "../map/scene.ts";
import { significant } from "../widgets/number-text.ts";
import { Term } from "../widgets/term.tsx";

/** Shares of the greatest energy that the size scale shows. */
const shares = [1, 1 / 4, 1 / 16];

export function MapLegend({ scene, growth }: { scene: Scene; growth: number }): JSX.Element {
  const stop = (event: Event): void => event.stopPropagation();
  return (
    <div class="legend" onPointerDown={stop} onPointerUp={stop} onPointerMove={stop}>
      <h2>
        <Term of="map">Concept map</Term>
      </h2>
      <div class="legend-part">
        <span>
          Colour: <Term of="modalityScore">modality score</Term>
        </span>
        <span class="legend-scale" role="img" aria-label="Blue: captions only. Orange: pictures only." />
        <span class="legend-ticks">
          <span>0 captions</span>
          <span>½</span>
          <span>pictures 1</span>
        </span>
      </div>
      <div class="legend-part">
        <span>
          Size: <Term of="energy">energy</Term>, mean activation
        </span>
        <span class="legend-sizes">
          {shares.map((share, i) => {
            const energy = share * scene.sizes.greatestEnergy;
            const radius = radiusOf(energy, scene.sizes) * growth;
            return (
              <span key={share} class="legend-size">
                <span class="legend-disc" style={{ width: `${2 * radius}px`, height: `${2 * radius}px` }} />
                {i === 0 ? "≥ " : ""}
                {significant(energy, 2)}
              </span>
            );
          })}
        </span>
      </div>
      <div class="legend-part legend-arcs">
        <span>
          Arcs: <Term of="bridge">bridges</Term>, orange end pictures, blue end captions
        </span>
      </div>
    </div>
  );
}
