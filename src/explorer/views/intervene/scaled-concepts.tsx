/** Single concepts that are off or scaled, each with its factor, and the ways to add others. */
import type { JSX } from "preact";
import { useServices } from "../../explorer-context.ts";
import { greatestScale, mostScaled, withScale, type Scaled } from "../../intervention/concept-scales.ts";
import type { OpenDictionary } from "../../stores/explorer-store.ts";
import { Icon } from "../../widgets/icon.tsx";
import { count, counted, fixed } from "../../widgets/number-text.ts";
import { ConceptLabelLine } from "../concept-label-line.tsx";
import { ConceptFinder } from "./concept-finder.tsx";

export function ScaledConcepts({ opened }: { opened: OpenDictionary }): JSX.Element {
  const { explorer } = useServices();
  const { scaled } = explorer.address.value;
  const { count: concepts } = opened.tables.concepts;
  const picked = explorer.picked.concepts.value.filter(
    (concept) => !scaled.some((one) => one.concept === concept),
  );
  const room = mostScaled - scaled.length;
  const known = scaled.filter(({ concept }) => concept < concepts);
  const change = (next: readonly Scaled[]): void => explorer.navigate({ scaled: next }, "replace");
  return (
    <section class="intervene-panel">
      <h2>Single concepts</h2>
      <ConceptFinder
        opened={opened}
        onChoose={(concept) => {
          if (!scaled.some((one) => one.concept === concept)) change(withScale(scaled, concept, 0));
        }}
      />
      {picked.length > 0 && (
        <button
          type="button"
          class="button"
          disabled={room === 0}
          onClick={() =>
            change([...scaled, ...picked.slice(0, room).map((concept) => ({ concept, scale: 0 }))])
          }
        >
          Switch off the {count(Math.min(picked.length, room))} picked
        </button>
      )}
      {picked.length > room && (
        <p class="intervene-note">
          At most {count(mostScaled)} concepts are scaled one by one; keep or switch off the picked as a set
          instead.
        </p>
      )}
      {known.length === 0 ? (
        <p class="intervene-note">
          None yet. Find one above, or press <kbd>i</kbd> on a concept's page. What is set here holds before
          the set above.
        </p>
      ) : (
        <>
          <ul class="scaled-list" aria-label={counted(known.length, "scaled concept")}>
            {known.map((one) => (
              <ScaledLine
                key={one.concept}
                opened={opened}
                scaled={one}
                onScale={(scale) => change(withScale(scaled, one.concept, scale))}
              />
            ))}
          </ul>
          <button type="button" class="link-button" onClick={() => change([])}>
            Remove all
          </button>
        </>
      )}
    </section>
  );
}

interface ScaledLineProps {
  opened: OpenDictionary;
  scaled: Scaled;
  /** Null takes it from the list. */
  onScale: (scale: number | null) => void;
}

function ScaledLine({ opened, scaled: { concept, scale }, onScale }: ScaledLineProps): JSX.Element {
  const { explorer } = useServices();
  const factor = scale === 0 ? "off" : `× ${fixed(scale, 2)}`;
  return (
    <li class="scaled-line">
      <a href={explorer.href({ view: "concept", concept })}>
        <ConceptLabelLine opened={opened} concept={concept} />
      </a>
      <button
        type="button"
        class="quiet-button"
        aria-label={`Take concept ${concept} from the list`}
        title="Take from the list"
        onClick={() => onScale(null)}
      >
        <Icon name="close" />
      </button>
      <div class="scaled-factor">
        <button
          type="button"
          class="button"
          aria-pressed={scale === 0}
          aria-label={`Concept ${concept} off`}
          onClick={() => onScale(scale === 0 ? 1 : 0)}
        >
          off
        </button>
        <input
          type="range"
          min={0}
          max={greatestScale}
          step={0.05}
          value={scale}
          aria-label={`Factor of concept ${concept}`}
          aria-valuetext={factor}
          onInput={(event) => onScale(Number(event.currentTarget.value))}
        />
        <span class="scaled-value" aria-hidden="true">
          {factor}
        </span>
      </div>
    </li>
  );
}
