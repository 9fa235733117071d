/** What activates two matched concepts, side by side. */
import type { JSX } from "preact";
import type { OpenDictionary } from "../../stores/explorer-store.ts";
import type { ConceptPair } from "../../stores/concept-pairs.ts";
import { fixed } from "../../widgets/number-text.ts";
import { TopExamples } from "../concept/bridge-examples.tsx";
import type { PairOfDictionaries } from "./dictionary-pair.tsx";

export function PairExamples({
  pair: { first, second },
  chosen,
}: {
  pair: PairOfDictionaries;
  chosen: ConceptPair;
}): JSX.Element {
  return (
    <section class="pair-examples" aria-label="Examples of the chosen pair">
      <Side opened={first} concept={chosen.first} />
      <p class="pair-examples-cosine">cosine {fixed(chosen.cosine, 3)}</p>
      <Side opened={second} concept={chosen.second} />
    </section>
  );
}

function Side({ opened, concept }: { opened: OpenDictionary; concept: number | null }): JSX.Element {
  return (
    <div>
      <h3>
        {opened.summary.name}
        {concept !== null && `, concept ${concept}`}
      </h3>
      {concept === null ? (
        <p class="nothing">It was matched with none.</p>
      ) : (
        <TopExamples key={concept} opened={opened} imageConcept={concept} textConcept={concept} />
      )}
    </div>
  );
}
