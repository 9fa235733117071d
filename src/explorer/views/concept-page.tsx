/** One concept: what activates it, how strongly, its bridges both ways and its nearest concepts. */
import type { ComponentChildren, JSX } from "preact";
import { useState } from "preact/hooks";
import { useExplorer, useLoaded } from "../explorer-context.ts";
import type { Bridge, Example } from "../data/dictionary-tables.ts";
import type { Item } from "../data/item-table.ts";
import { modalityWords } from "../map/modality-colours.ts";
import type { OpenDictionary } from "../stores/explorer-store.ts";
import { valueOf } from "../stores/loadable.ts";
import type { DefinitionKey } from "../widgets/definitions.ts";
import { Icon } from "../widgets/icon.tsx";
import { Meter } from "../widgets/meter.tsx";
import { MirroredHistogram } from "../widgets/mirrored-histogram.tsx";
import { ModalityBar } from "../widgets/modality-bar.tsx";
import { Notice } from "../widgets/notice.tsx";
import { count, percent, probability, significant } from "../widgets/number-text.ts";
import { Picture, shortened } from "../widgets/picture.tsx";
import { Term } from "../widgets/term.tsx";
import { ConceptLabelLine } from "./concept-label-line.tsx";

type Shown = Example & { item: Item | null };

const bands = [
  ["top", "Top"],
  ["middle", "Middle"],
  ["low", "Low"],
] as const;

export function ConceptPage({ opened }: { opened: OpenDictionary | null }): JSX.Element {
  const { concept } = useExplorer().address.value;
  if (opened === null || concept === null) return <div class="concept-page" aria-busy="true" />;
  if (concept >= opened.tables.concepts.count) {
    return (
      <Notice title={`There is no concept ${concept}`}>
        <p>This dictionary has {count(opened.tables.concepts.count)} concepts, numbered from 0.</p>
      </Notice>
    );
  }
  return <Page opened={opened} concept={concept} />;
}

function Page({ opened, concept }: { opened: OpenDictionary; concept: number }): JSX.Element {
  const explorer = useExplorer();
  const { concepts } = opened.tables;
  const [band, setBand] = useState<Example["band"]>("top");
  const examples = useLoaded(readExamples(explorer.images, explorer.texts), opened, concept);
  const histogram = useLoaded((one, j) => one.tables.histogram(j), opened, concept);
  const toTexts = useLoaded((one, j) => one.tables.bridgesFromImages(j), opened, concept);
  const toImages = useLoaded((one, j) => one.tables.bridgesToTexts(j), opened, concept);
  const neighbours = useLoaded((one, j) => one.tables.neighbours(j), opened, concept);
  const shown = (valueOf(examples.content) ?? []).filter((example) => example.band === band);
  const score = concepts.modalityScore[concept]!;
  return (
    <article class={examples.stale ? "concept-page stale" : "concept-page"} aria-busy={examples.stale}>
      <header class="concept-header">
        <a
          class="icon-button"
          href={explorer.href({ view: "map" })}
          title="Show on the map"
          aria-label="Show on the map"
        >
          <Icon name="map" />
        </a>
        <h1>Concept {concept}</h1>
        <span class="concept-words">{modalityWords(score)}</span>
        <ModalityBar score={score} wide />
        <nav aria-label="Neighbours in the list">
          <Beside concept={concept} step={-1} />
          <Beside concept={concept} step={1} />
        </nav>
      </header>
      <div class="concept-body">
        <section class="concept-examples" aria-label="Examples">
          <div class="section-head">
            <h2>
              <Term of="bands">Examples</Term>
            </h2>
            <div class="choice" role="group" aria-label="Part of the range">
              {bands.map(([value, name]) => (
                <button
                  key={value}
                  type="button"
                  aria-pressed={band === value}
                  onClick={() => setBand(value)}
                >
                  {name}
                </button>
              ))}
            </div>
          </div>
          {examples.content.state === "failed" && (
            <Notice kind="error" title="The examples cannot be read">
              <p>{examples.content.reason}</p>
            </Notice>
          )}
          <Pictures
            examples={shown.filter((example) => example.modality === "image")}
            greatest={concepts.maximum[concept]!}
          />
          <Captions
            examples={shown.filter((example) => example.modality === "text")}
            greatest={concepts.maximum[concept]!}
          />
        </section>
        <aside class="concept-facts">
          <h2>Activations</h2>
          {histogram.content.state === "ready" && <MirroredHistogram histogram={histogram.content.value} />}
          <Facts opened={opened} concept={concept} />
        </aside>
      </div>
      <div class="concept-links">
        <BridgeList
          title="Bridges to captions"
          bridges={valueOf(toTexts.content) ?? []}
          other="textConcept"
          opened={opened}
        />
        <BridgeList
          title="Bridges from pictures"
          bridges={valueOf(toImages.content) ?? []}
          other="imageConcept"
          opened={opened}
        />
        <section>
          <h2>
            <Term of="neighbours">Nearest concepts</Term>
          </h2>
          <ul class="link-list">
            {(valueOf(neighbours.content) ?? []).slice(0, 12).map((neighbour) => (
              <li key={neighbour.concept}>
                <a href={explorer.href({ view: "concept", concept: neighbour.concept })}>
                  <ConceptLabelLine opened={opened} concept={neighbour.concept} />
                  <span class="link-figures">cos {significant(neighbour.cosine, 2)}</span>
                </a>
              </li>
            ))}
          </ul>
        </section>
      </div>
    </article>
  );
}

/** The concept before or after in the list; at its ends there is none. */
function Beside({ concept, step }: { concept: number; step: -1 | 1 }): JSX.Element {
  const explorer = useExplorer();
  const next = explorer.beside(concept, step);
  return (
    <button
      type="button"
      class="icon-button"
      disabled={next === null}
      aria-label={step < 0 ? "Previous concept" : "Next concept"}
      onClick={() => next !== null && explorer.navigate({ view: "concept", concept: next }, "replace")}
    >
      <Icon name={step < 0 ? "left" : "right"} />
    </button>
  );
}

function readExamples(images: { read(rows: readonly number[]): Promise<Item[]> }, texts: typeof images) {
  return async (opened: OpenDictionary, concept: number): Promise<Shown[]> => {
    const examples = await opened.tables.examples(concept);
    const ofImages = examples.filter((example) => example.modality === "image");
    const ofTexts = examples.filter((example) => example.modality === "text");
    const [imageItems, textItems] = await Promise.all([
      images.read(ofImages.map((example) => example.row)),
      texts.read(ofTexts.map((example) => example.row)),
    ]);
    return [
      ...ofImages.map((example, i) => ({ ...example, item: imageItems[i] ?? null })),
      ...ofTexts.map((example, i) => ({ ...example, item: textItems[i] ?? null })),
    ];
  };
}

interface ExamplesProps {
  examples: readonly Shown[];
  greatest: number;
}

function Pictures({ examples, greatest }: ExamplesProps): JSX.Element {
  const explorer = useExplorer();
  if (examples.length === 0) return <p class="nothing">No pictures in this part of its range.</p>;
  return (
    <ul class="pictures">
      {examples.map((example) => (
        <li key={example.row}>
          <Picture item={example.item} address={explorer.picture(example.row)} size="tile" />
          <span class="picture-activation">
            <Meter share={example.activation / greatest} tone="image" />
            {significant(example.activation)}
          </span>
        </li>
      ))}
    </ul>
  );
}

function Captions({ examples, greatest }: ExamplesProps): JSX.Element {
  if (examples.length === 0) return <p class="nothing">No captions in this part of its range.</p>;
  return (
    <ul class="captions">
      {examples.map((example) => (
        <li key={example.row}>
          <span class="caption-activation">
            <Meter share={example.activation / greatest} tone="text" />
            {significant(example.activation)}
          </span>
          <span class="caption-text" dir="auto">
            {shortened(example.item?.caption ?? `caption ${example.row}`, 400)}
          </span>
        </li>
      ))}
    </ul>
  );
}

function Facts({ opened, concept }: { opened: OpenDictionary; concept: number }): JSX.Element {
  const { concepts } = opened.tables;
  const fact = (term: DefinitionKey, name: string, value: ComponentChildren): JSX.Element => (
    <div>
      <dt>
        <Term of={term}>{name}</Term>
      </dt>
      <dd>{value}</dd>
    </div>
  );
  return (
    <dl class="facts">
      {fact("energy", "Energy", significant(concepts.energy[concept]!))}
      {fact(
        "frequency",
        "Frequency",
        `${percent(concepts.imageFrequency[concept]!)} of pictures, ${percent(concepts.textFrequency[concept]!)} of captions`,
      )}
      {fact("modalityScore", "Modality score", significant(concepts.modalityScore[concept]!))}
      {fact("maximum", "Greatest activation", significant(concepts.maximum[concept]!))}
      {fact("monosemanticity", "Monosemanticity", significant(concepts.monosemanticity[concept]!))}
      {fact(
        "modalityDirectionCosine",
        "Along the modality direction",
        significant(concepts.modalityDirectionCosine[concept]!),
      )}
      {fact(
        "modalityProbeCosine",
        "Along the modality probe",
        significant(concepts.modalityProbeCosine[concept]!),
      )}
      {fact(
        "directionAccuracy",
        "Tells modality, by direction",
        percent(concepts.directionAccuracy[concept]!),
      )}
      {fact(
        "activationAccuracy",
        "Tells modality, by activation",
        percent(concepts.activationAccuracy[concept]!),
      )}
    </dl>
  );
}

interface BridgeListProps {
  title: string;
  bridges: readonly Bridge[];
  other: "imageConcept" | "textConcept";
  opened: OpenDictionary;
}

function BridgeList({ title, bridges, other, opened }: BridgeListProps): JSX.Element {
  const explorer = useExplorer();
  const strongest = bridges[0]?.score ?? 0;
  return (
    <section>
      <h2>
        <Term of="bridge">{title}</Term>
      </h2>
      {bridges.length === 0 && <p class="nothing">None: it is never active on that side of a pair.</p>}
      <ul class="link-list">
        {bridges.slice(0, 12).map((bridge) => (
          <li key={bridge[other]}>
            <a class="bridge-link" href={explorer.href({ view: "concept", concept: bridge[other] })}>
              <ConceptLabelLine opened={opened} concept={bridge[other]} />
              <span
                class="link-figures"
                title={`co-activation ${significant(bridge.coactivation)}, together on ${count(bridge.pairs)} pairs`}
              >
                <Meter share={strongest > 0 ? bridge.score / strongest : 0} />
                {significant(bridge.score)} · cos {significant(bridge.cosine, 2)} · q{" "}
                {probability(bridge.shuffleQ)}
              </span>
            </a>
          </li>
        ))}
      </ul>
    </section>
  );
}
