/** One concept in numbers, each with its definition, below the histogram of its activations. */
import "./concept-facts.css";
import type { ComponentChildren, JSX } from "preact";
import { activeRows, isDead } from "../../data/concept-columns.ts";
import type { ActivationHistogram } from "../../data/dictionary-tables.ts";
import type { OpenDictionary } from "../../stores/explorer-store.ts";
import { valueOf, type Loadable } from "../../stores/loadable.ts";
import type { DefinitionKey } from "../../widgets/definitions.ts";
import { Failure } from "../../widgets/failure.tsx";
import { MirroredHistogram } from "../../widgets/mirrored-histogram.tsx";
import { fixed, percent, significant } from "../../widgets/number-text.ts";
import { Term } from "../../widgets/term.tsx";

interface ConceptFactsProps {
  histogram: Loadable<ActivationHistogram>;
  opened: OpenDictionary;
  concept: number;
}

export function ConceptFacts({ histogram, opened, concept }: ConceptFactsProps): JSX.Element {
  return (
    <aside class="concept-facts">
      {!isDead(opened.tables.concepts, concept) && (
        <Activations histogram={histogram} opened={opened} concept={concept} />
      )}
      <Facts opened={opened} concept={concept} />
    </aside>
  );
}

function Activations({ histogram, opened, concept }: ConceptFactsProps): JSX.Element {
  return (
    <>
      <MirroredHistogram
        histogram={valueOf(histogram)}
        active={activeRows(opened.tables.concepts, concept)}
        fileName={`concept-${concept}-activations`}
      />
      <Failure content={histogram} />
    </>
  );
}

function Facts({ opened, concept }: { opened: OpenDictionary; concept: number }): JSX.Element {
  const { concepts } = opened.tables;
  const [low, high] = [concepts.modalityScoreLow[concept]!, concepts.modalityScoreHigh[concept]!];
  const cosine = concepts.modalityDirectionCosine[concept]!;
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
      {fact("energy", "Energy, mean activation", significant(concepts.energy[concept]!))}
      {fact(
        "frequency",
        "Frequency",
        <>
          <span class="nowrap">{percent(concepts.imageFrequency[concept]!)} of pictures</span>
          <br />
          <span class="nowrap">{percent(concepts.textFrequency[concept]!)} of captions</span>
        </>,
      )}
      {fact("modalityScore", "Modality score, 0 to 1", fixed(concepts.modalityScore[concept]!, 3))}
      {!Number.isNaN(low) &&
        fact("modalityInterval", "its 95% interval", `${fixed(low, 3)} to ${fixed(high, 3)}`)}
      {fact("maximum", "Greatest activation", significant(concepts.maximum[concept]!))}
      {fact(
        "monosemanticity",
        "Monosemanticity, mean cosine",
        significant(concepts.monosemanticity[concept]!),
      )}
      {fact(
        "modalityDirectionCosine",
        "Along the modality direction, |cos|",
        <>
          {significant(cosine)}
          {!Number.isNaN(cosine) && `, ${fixed((Math.acos(Math.min(1, cosine)) * 180) / Math.PI, 1)}°`}
        </>,
      )}
      {fact(
        "modalityProbeCosine",
        "Along the modality probe, |cos|",
        significant(concepts.modalityProbeCosine[concept]!),
      )}
      {fact(
        "directionAccuracy",
        "Tells modality by direction",
        percent(concepts.directionAccuracy[concept]!),
      )}
      {fact(
        "activationAccuracy",
        "Tells modality by activation",
        percent(concepts.activationAccuracy[concept]!),
      )}
    </dl>
  );
}
