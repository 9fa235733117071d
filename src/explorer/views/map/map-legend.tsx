/** What colour, size and arcs of the map mean, with the scale of each. */
import "./map-legend.css";
import type { JSX } from "preact";
import { colourGradient, legendTicks } from "../../map/colouring.ts";
import type { MapModel } from "../../map/map-model.ts";
import type { Theme } from "../../map/modality-colours.ts";
import { radiusOf } from "../../map/scene.ts";
import type { OpenDictionary } from "../../stores/explorer-store.ts";
import { counted, significant } from "../../widgets/number-text.ts";
import { Term } from "../../widgets/term.tsx";
import { stabilityColumn } from "../../data/column-facts.ts";

/** Shares of the greatest energy that the size scale shows. */
const shares = [1, 1 / 4, 1 / 16];

/** Windows of this width or less have the legend closed at first: it would cover the map. */
const narrow = 820;

interface LegendProps {
  model: MapModel;
  opened: OpenDictionary;
  theme: Theme;
}

export function MapLegend({ model, opened, theme }: LegendProps): JSX.Element {
  const { sizes } = model.scene.value;
  const growth = model.growth.value;
  const colouring = model.colouring.value;
  const { facts } = colouring;
  const arcs = model.arcs.value;
  const name =
    facts.term === undefined ? facts.name : <Term of={facts.term}>{facts.name.toLowerCase()}</Term>;
  return (
    <details class="legend" open={window.innerWidth > narrow}>
      <summary>Legend</summary>
      <div class="legend-part">
        <span>
          Colour: {name}
          {facts.column === stabilityColumn && stabilityNote(opened)}
        </span>
        <span
          class="legend-scale"
          role="img"
          aria-label={scaleWords(colouring)}
          style={{ background: colourGradient(colouring, theme) }}
        />
        {facts.column === "modalityScore" ? (
          <span class="legend-ends">
            <span>0 captions</span>
            <span>½</span>
            <span>pictures 1</span>
          </span>
        ) : (
          <span class="legend-ticks">
            {legendTicks(colouring, 4).map(({ position, text }) => (
              <span key={text} style={{ left: `${(6 + 88 * position).toFixed(1)}%` }}>
                {text}
              </span>
            ))}
          </span>
        )}
      </div>
      <div class="legend-part">
        <span>
          Size: <Term of="energy">energy</Term>, mean activation
        </span>
        <span class="legend-sizes">
          {shares.map((share, i) => {
            const energy = share * sizes.greatestEnergy;
            const radius = radiusOf(energy, sizes) * growth;
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
          Arcs: <Term of="bridge">bridges</Term> of the concept pointed at or selected, orange end pictures,
          blue end captions, width by score
        </span>
        <span aria-live="polite">
          {model.focus.value === null ? "" : arcWords(arcs.shown.length, arcs.of)}
        </span>
      </div>
    </details>
  );
}

function arcWords(shown: number, all: number): string {
  if (all === 0) return "no bridges to other concepts";
  const bridges = `${counted(all, "bridge")} to other concepts`;
  return shown < all ? `the strongest ${shown} of ${bridges}` : bridges;
}

function stabilityNote({ partners }: OpenDictionary): string {
  if (partners === null) return ": not compared; run viaduct compare";
  const { length } = partners.names;
  if (partners.alike) return `, over ${counted(length, "other run")}`;
  return `, over ${length} other ${length === 1 ? "dictionary" : "dictionaries"}`;
}

function scaleWords({ scale, facts }: MapModel["colouring"]["value"]): string {
  if (facts.column === "modalityScore") return "Blue: captions only. Orange: pictures only.";
  return scale === null
    ? "No concept has a value."
    : `From ${facts.say(scale.low)} to ${facts.say(scale.high)}.`;
}
