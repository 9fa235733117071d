/**
 * One concept: what activates it, how strongly, its bridges both ways, its nearest concepts,
 * its words, and whether other runs find it.
 */
import "./concept-view.css";
import type { JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { activeRows, isDead } from "../../data/concept-columns.ts";
import { useShortcuts } from "../../frame/use-shortcuts.ts";
import { withScale } from "../../intervention/concept-scales.ts";
import type { Address } from "../../stores/address.ts";
import { useExplorer, useLoaded } from "../../explorer-context.ts";
import { useArrival } from "../../use-arrival.ts";
import { modalityWords } from "../../map/modality-colours.ts";
import type { OpenDictionary } from "../../stores/explorer-store.ts";
import { valueOf } from "../../stores/loadable.ts";
import { Failure } from "../../widgets/failure.tsx";
import { Icon } from "../../widgets/icon.tsx";
import { ModalityBar } from "../../widgets/modality-bar.tsx";
import { Notice } from "../../widgets/notice.tsx";
import { count, fixed } from "../../widgets/number-text.ts";
import { Term } from "../../widgets/term.tsx";
import type { ViewProps } from "../view.ts";
import { useConceptWalk } from "../use-concept-walk.ts";
import { BridgeList } from "./bridge-list.tsx";
import { ConceptExamples } from "./concept-examples.tsx";
import { ConceptFacts } from "./concept-facts.tsx";
import { ConceptMatches } from "./concept-matches.tsx";
import { ConceptSkeleton } from "./concept-skeleton.tsx";
import { ConceptTitle } from "./concept-title.tsx";
import { ConceptWords } from "./concept-words.tsx";
import { readExamples } from "./read-examples.ts";
import { ConceptLabelLine } from "../concept-label-line.tsx";

/** Nearest concepts on the page. */
const longestList = 12;

export function ConceptView({ opened }: ViewProps): JSX.Element {
  const { concept } = useExplorer().address.value;
  if (opened === null || concept === null) return <ConceptSkeleton />;
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
  const dead = isDead(concepts, concept);
  useConceptWalk("page");
  const { scaled } = explorer.address.value;
  const switchedOff: Partial<Address> = {
    view: "intervene",
    scaled: scaled.some((one) => one.concept === concept) ? scaled : withScale(scaled, concept, 0),
  };
  useShortcuts("Concept", [
    { keys: ["i"], does: "switch it off and see what changes", run: () => explorer.navigate(switchedOff) },
  ]);
  const page = useRef<HTMLElement>(null);
  useEffect(() => {
    page.current?.scrollTo(0, 0);
  }, [concept]);
  const { band } = explorer.address.value;
  const { images, texts } = explorer;
  const examples = useArrival(
    () => readExamples({ tables: opened.tables, images, texts }, concept, band),
    `${concept} ${band}`,
    opened,
  );
  const histogram = useLoaded((one, j) => one.tables.histogram(j), opened, concept);
  const toTexts = useLoaded((one, j) => one.tables.bridgesFromImages(j), opened, concept);
  const toImages = useLoaded((one, j) => one.tables.bridgesToTexts(j), opened, concept);
  const neighbours = useLoaded((one, j) => one.tables.neighbours(j), opened, concept);
  const words = useLoaded((one, j) => one.tables.wordLists(j), opened, concept);
  const matches = useLoaded((one, j) => one.tables.afterFirst().then(() => one.matches(j)), opened, concept);
  const arriving = examples.content.state === "loading";
  const score = concepts.modalityScore[concept]!;
  const active = activeRows(concepts, concept);
  return (
    <article
      ref={page}
      class={`concept-page ${arriving ? "concept-arriving" : examples.stale ? "stale" : ""}`}
      aria-busy={examples.stale}
    >
      <header class="concept-header">
        <a
          class="icon-button"
          href={explorer.href({ view: "map", camera: null })}
          title="Show on the map"
          aria-label="Show on the map"
        >
          <Icon name="map" />
        </a>
        <h1>Concept {concept}</h1>
        <ConceptTitle opened={opened} concept={concept} />
        {!dead && (
          <span class="concept-words">
            <ModalityBar score={score} active={active} wide /> {modalityWords(score, active)}
          </span>
        )}
        <nav aria-label="This concept and its neighbours in the list">
          <a
            class="button"
            href={explorer.href(switchedOff)}
            title="Switch it off and see what changes ( i )"
          >
            Intervene
          </a>
          <button
            type="button"
            class="button"
            aria-pressed={explorer.picked.has(concept)}
            title="Pick it, or put it back ( x )"
            onClick={() => explorer.picked.toggle(concept)}
          >
            {explorer.picked.has(concept) ? "Picked" : "Pick"}
          </button>
          <Beside concept={concept} step={-1} />
          <Beside concept={concept} step={1} />
        </nav>
      </header>
      <div class="concept-body">
        <ConceptExamples opened={opened} concept={concept} examples={examples} />
        <ConceptFacts histogram={histogram.content} opened={opened} concept={concept} />
      </div>
      <div class="concept-links">
        <BridgeList
          title="Bridges to caption concepts"
          loaded={toTexts}
          total={concepts.imageBridges[concept]!}
          other="textConcept"
          opened={opened}
        />
        <BridgeList
          title="Bridges from picture concepts"
          loaded={toImages}
          total={concepts.textBridges[concept]!}
          other="imageConcept"
          opened={opened}
        />
        <section>
          <h2>
            <Term of="neighbours">Nearest concepts</Term>
          </h2>
          <p class="link-legend">
            closest first, by <Term of="cosine">cosine</Term>
          </p>
          <Failure content={neighbours.content} />
          <ul class="link-list">
            {(valueOf(neighbours.content) ?? []).slice(0, longestList).map((neighbour) => (
              <li key={neighbour.concept}>
                <a href={explorer.href({ view: "concept", concept: neighbour.concept })}>
                  <ConceptLabelLine opened={opened} concept={neighbour.concept} />
                  <span class="link-figures">cosine {fixed(neighbour.cosine, 2)}</span>
                </a>
              </li>
            ))}
          </ul>
        </section>
        <ConceptWords loaded={words} />
        <ConceptMatches compared={opened.summary.comparedWith} loaded={matches} />
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
