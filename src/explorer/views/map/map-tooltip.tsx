/** What the concept under the pointer is: its picture, its name, its numbers. */
import type { JSX } from "preact";
import { useServices } from "../../explorer-context.ts";
import { columnFacts, stabilityColumn } from "../../data/column-facts.ts";
import { activeRows, isDead } from "../../data/concept-columns.ts";
import { modalityWords } from "../../map/modality-colours.ts";
import { conceptName } from "../../stores/concept-name.ts";
import type { OpenDictionary } from "../../stores/explorer-store.ts";
import { valueOf } from "../../stores/loadable.ts";
import { count, percent, significant } from "../../widgets/number-text.ts";
import { Picture, shortened } from "../../widgets/picture.tsx";

interface TooltipProps {
  opened: OpenDictionary;
  concept: number;
  /** The pointer, in CSS pixels of the map, and the map's size. */
  x: number;
  y: number;
  width: number;
  height: number;
}

export function MapTooltip({ opened, concept, x, y, width, height }: TooltipProps): JSX.Element {
  const { explorer } = useServices();
  const { concepts } = opened.tables;
  const { colour } = explorer.address.value;
  const dead = isDead(concepts, concept);
  const label = dead ? undefined : opened.labels.get(concept);
  const words = valueOf(opened.words())?.[concept] ?? null;
  const image = label?.image ?? null;
  const side = x > width / 2 ? { right: `${width - x + 16}px` } : { left: `${x + 16}px` };
  const edge = y > height / 2 ? { bottom: `${height - y}px` } : { top: `${y}px` };
  const facts: [name: string, text: string][] = [
    ["Energy", significant(concepts.energy[concept]!)],
    ["Active on", `${percent(concepts.frequency[concept]!)} of rows`],
    [
      "Bridges",
      `${count(concepts.bridges[concept]!)}, ${count(concepts.significantBridges[concept]!)} significant`,
    ],
  ];
  if (opened.partners !== null && colour !== stabilityColumn)
    facts.push(...named(opened, stabilityColumn, concept));
  if (!["modalityScore", "energy", "frequency", "bridges"].includes(colour)) {
    facts.push(...named(opened, colour, concept));
  }
  return (
    <div class="tooltip" style={{ ...side, ...edge }} aria-hidden="true">
      {image !== null && (
        <Picture
          whyNot={explorer.whyNoPicture}
          item={image}
          address={explorer.picture(image.row)}
          size="tile"
        />
      )}
      <strong>
        Concept {concept}
        {words !== null && <span class="tooltip-words"> {words}</span>}
      </strong>
      <span>{modalityWords(concepts.modalityScore[concept]!, activeRows(concepts, concept))}</span>
      <span class="tooltip-name" dir="auto">
        {shortened(conceptName(label, dead, opened.labels.givenName(concept)).text, 140)}
      </span>
      <dl>
        {facts.map(([name, text]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{text}</dd>
          </div>
        ))}
      </dl>
    </div>
  );
}

function named(opened: OpenDictionary, column: string, concept: number): [string, string][] {
  const value = valueOf(opened.columns.get(column))?.[concept];
  if (value === undefined) return [];
  const { name, say } = columnFacts(column);
  return [[name, Number.isNaN(value) ? "–" : say(value)]];
}
