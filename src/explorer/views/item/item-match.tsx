/** Why a picture and a caption are alike: shared concepts, bridges and what is left, and the terms they are made of. */
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { matchOf, type Match, type MatchTerm } from "../../data/row-explained.ts";
import { useExplorer } from "../../explorer-context.ts";
import type { Table } from "../../stores/csv-text.ts";
import type { OpenDictionary } from "../../stores/explorer-store.ts";
import { valueOf } from "../../stores/loadable.ts";
import { useArrival } from "../../use-arrival.ts";
import { ChartFrame } from "../../widgets/chart/chart-frame.tsx";
import type { DefinitionKey } from "../../widgets/definitions.ts";
import { Failure } from "../../widgets/failure.tsx";
import { count, fixed } from "../../widgets/number-text.ts";
import { Term } from "../../widgets/term.tsx";
import { ConceptLabelLine } from "../concept-label-line.tsx";
import { matchParts, MatchChart, matchChartHeight } from "./match-chart.tsx";

const longestList = 12;

interface ItemMatchProps {
  opened: OpenDictionary;
  image: number;
  text: number;
}

const terms: Readonly<Record<string, DefinitionKey>> = {
  "Shared concepts": "sharedConcepts",
  Bridges: "bridgedConcepts",
  Remainder: "similarityRemainder",
};

export function ItemMatch({ opened, image, text }: ItemMatchProps): JSX.Element {
  const { content, stale } = useArrival(
    () => matchOf(opened.vectors, image, text),
    `${image} ${text}`,
    opened,
  );
  const match = valueOf(content);
  if (content.state === "ready" && match === null) {
    return (
      <section class="item-panel">
        <h2>Why they match</h2>
        <p class="nothing">The dictionary's directions are not here, so the similarity cannot be split.</p>
      </section>
    );
  }
  return (
    <section class={stale ? "item-panel stale" : "item-panel"} aria-busy={stale}>
      <ChartFrame
        title="Why they match"
        term="similarity"
        summary={match === null ? "Not read yet." : said(match)}
        note={match !== null && match.similarity !== null && `similarity ${fixed(match.similarity, 3)}`}
        table={match === null ? null : () => matchTable(opened, match)}
        fileName={`image-${image}-text-${text}-match`}
        height={matchChartHeight}
        draw={({ width }) => match !== null && <MatchChart match={match} width={width} />}
      >
        {match !== null && (
          <p class="link-legend">
            {matchParts(match).map(({ name, value, tone }, i) => (
              <span key={name} class="match-part">
                {i > 0 && " + "}
                <span class={`match-key match-${tone}`} aria-hidden="true" />
                <Term of={terms[name]!}>{name.toLowerCase()}</Term> {fixed(value, 3)}
              </span>
            ))}
            {match.similarity === null && " · this export holds no embeddings: the remainder is not known"}
          </p>
        )}
      </ChartFrame>
      <Failure content={content} />
      {match !== null && <Terms opened={opened} match={match} />}
    </section>
  );
}

function Terms({ opened, match }: { opened: OpenDictionary; match: Match }): JSX.Element {
  const [length, setLength] = useState(longestList);
  const shown = match.terms.slice(0, length);
  const greatest = Math.max(1e-12, ...shown.map(({ value }) => Math.abs(value)));
  if (match.terms.length === 0) {
    return <p class="nothing">One of them has no active concept, so nothing of it is explained.</p>;
  }
  return (
    <>
      <h3>Where it comes from</h3>
      <ol class="match-terms">
        {shown.map((term) => (
          <TermLine
            key={`${term.imageConcept} ${term.textConcept}`}
            opened={opened}
            term={term}
            share={Math.abs(term.value) / greatest}
          />
        ))}
      </ol>
      {match.terms.length > length && (
        <button type="button" class="link-button" onClick={() => setLength(length + 40)}>
          Show more of {count(match.terms.length)}
        </button>
      )}
    </>
  );
}

function TermLine({
  opened,
  term,
  share,
}: {
  opened: OpenDictionary;
  term: MatchTerm;
  share: number;
}): JSX.Element {
  const explorer = useExplorer();
  const link = (concept: number): JSX.Element => (
    <a href={explorer.href({ view: "concept", concept })}>
      <ConceptLabelLine opened={opened} concept={concept} />
    </a>
  );
  return (
    <li class={`match-term match-term-${term.kind}`}>
      {link(term.imageConcept)}
      {term.kind === "bridge" && <span class="visually-hidden">bridged to</span>}
      {term.kind === "bridge" && link(term.textConcept)}
      <span class="match-value">
        <span class={`match-meter match-${term.kind}`} aria-hidden="true">
          <span style={{ width: `${100 * share}%` }} />
        </span>
        <span>{fixed(term.value, 4)}</span>
      </span>
    </li>
  );
}

function said({ similarity, shared, bridges, remainder }: Match): string {
  const parts = `Shared concepts ${fixed(shared, 3)}, bridges ${fixed(bridges, 3)}`;
  return similarity === null
    ? `${parts}; the embeddings are not here.`
    : `Similarity ${fixed(similarity, 3)}: ${parts}, remainder ${fixed(remainder, 3)}.`;
}

function matchTable({ labels }: OpenDictionary, match: Match): Table {
  const name = (concept: number): string | null => labels.nameOf(concept)?.text ?? null;
  const blank = [null, null, null, null, null, null];
  return {
    columns: [
      "part",
      "image concept",
      "its name",
      "its activation",
      "text concept",
      "its name ",
      "its activation ",
      "value",
    ],
    rows: [
      ...(match.similarity === null ? [] : [["similarity", ...blank, match.similarity]]),
      ...(match.remainder === null ? [] : [["remainder", ...blank, match.remainder]]),
      ...match.terms.map((term) => [
        term.kind,
        term.imageConcept,
        name(term.imageConcept),
        term.imageActivation,
        term.textConcept,
        name(term.textConcept),
        term.textActivation,
        term.value,
      ]),
    ],
  };
}
