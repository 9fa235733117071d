/** Two dictionaries side by side: concepts that both have, concepts that only one has, stability against energy. */
import "./dictionary-pair.css";
import type { JSX } from "preact";
import type { DictionarySummary } from "../../../protocol/study-summary.ts";
import { useServices } from "../../explorer-context.ts";
import { dictionaryMatch, type DictionaryMatch } from "../../matching/dictionary-matches.ts";
import { matchInWorker } from "../../matching/match-in-worker.ts";
import type { OpenDictionary } from "../../stores/explorer-store.ts";
import { valueOf } from "../../stores/loadable.ts";
import { useArrival } from "../../use-arrival.ts";
import { Failure } from "../../widgets/failure.tsx";
import { fixed } from "../../widgets/number-text.ts";
import { SkeletonRows } from "../../widgets/skeleton.tsx";
import { Term } from "../../widgets/term.tsx";
import { PairLists } from "./pair-lists.tsx";
import { StabilityChart } from "./stability-chart.tsx";

interface DictionaryPairProps {
  opened: OpenDictionary | null;
  dictionaries: readonly DictionarySummary[];
}

export function DictionaryPair({ opened, dictionaries }: DictionaryPairProps): JSX.Element {
  const { explorer } = useServices();
  const current = explorer.dictionary.value;
  // The other one may have become the open one.
  const named = explorer.address.value.against;
  const against = named === current?.name ? null : named;
  const others = dictionaries.filter((one) => one.analysed && one.name !== current?.name);
  const second =
    others.find(({ name }) => name === against) ??
    others.find(({ name }) => current?.comparedWith.includes(name)) ??
    others[0] ??
    null;
  const missing = whyNone(current, second, against);
  return (
    <section class="pair-view" aria-label="Two dictionaries">
      <div class="pair-head">
        <h2>
          <Term of="matchedConcept">Two dictionaries, concept by concept</Term>
        </h2>
        {current !== null && second !== null && (
          <div class="pair-choice">
            <label>
              <span class="visually-hidden">The first</span>
              <select
                value={current.name}
                onChange={(event) => explorer.chooseDictionary(event.currentTarget.value)}
              >
                {dictionaries.map((one) => (
                  <option key={one.name} value={one.name} disabled={!one.analysed}>
                    {one.name}
                    {one.analysed ? "" : " (not measured)"}
                  </option>
                ))}
              </select>
            </label>
            <label>
              beside{" "}
              <select
                value={second.name}
                onChange={(event) => explorer.navigate({ against: event.currentTarget.value }, "replace")}
              >
                {others.map(({ name }) => (
                  <option key={name} value={name}>
                    {name}
                  </option>
                ))}
              </select>
            </label>
          </div>
        )}
      </div>
      {missing !== null && <p class="nothing">{missing}</p>}
      {missing === null && second !== null && opened === null && <SkeletonRows count={6} height={46} />}
      {missing === null && second !== null && opened !== null && (
        <Pair key={`${opened.summary.name} ${second.name}`} opened={opened} second={second} />
      )}
    </section>
  );
}

function whyNone(
  current: DictionarySummary | null,
  second: DictionarySummary | null,
  against: string | null,
): JSX.Element | null {
  if (current !== null && !current.analysed) {
    return (
      <>
        {current.name} has not been measured yet: <code>viaduct analyze</code> does, or choose another above.
      </>
    );
  }
  if (second === null) {
    return (
      <>
        The study has no second dictionary that was measured. Train one, for example with another{" "}
        <code>--seed</code>, and run <code>viaduct analyze</code>.
      </>
    );
  }
  if (against !== null && against !== second.name) {
    return <>This study has no measured dictionary {against}, which the address names.</>;
  }
  return null;
}

export interface PairOfDictionaries {
  first: OpenDictionary;
  second: OpenDictionary;
  match: DictionaryMatch;
}

function Pair({ opened, second }: { opened: OpenDictionary; second: DictionarySummary }): JSX.Element {
  const { explorer, source, workers } = useServices();
  const study = valueOf(explorer.study.value)?.name ?? "<study>";
  const { content } = useArrival(
    async () => {
      const [match, other] = await Promise.all([
        dictionaryMatch(source, matchInWorker(workers.matching), opened.summary, second),
        explorer.another(second),
      ]);
      return match === null ? null : { first: opened, second: other, match };
    },
    second.name,
    opened,
  );
  if (content.state === "failed") return <Failure content={content} />;
  if (content.state === "loading") {
    const stored = opened.summary.comparedWith.includes(second.name);
    return (
      <>
        <p class="pair-words" role="status">
          {stored ? "Reading how they match…" : "Matching their concepts in this page…"}
        </p>
        <SkeletonRows count={8} height={46} />
      </>
    );
  }
  const pair = content.value;
  if (pair === null) {
    return (
      <p class="nothing">
        Their concepts have not been matched, and they are too many for a page to do it. Run{" "}
        <code>viaduct compare {study}</code>, which keeps the matching in the study, and reload.
      </p>
    );
  }
  return (
    <>
      <p class="pair-words">{wordsOf(pair)}</p>
      <StabilityChart pair={pair} />
      <PairLists pair={pair} />
    </>
  );
}

function wordsOf({ match: { stability, baselines, from } }: PairOfDictionaries): JSX.Element {
  return (
    <>
      Matched one to one, mean <Term of="cosine">cosine</Term> <strong>{fixed(stability, 3)}</strong>
      {baselines !== null &&
        ` (before training ${baselines.atInit === null ? "–" : fixed(baselines.atInit, 3)}, random directions ${fixed(baselines.random, 3)})`}
      {from === "page" && (
        <>
          {" "}
          · computed in this page; <code>viaduct compare</code> keeps it in the study, with what chance gives
        </>
      )}
      .
    </>
  );
}
