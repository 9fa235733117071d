/** Whether other runs find the concept again: the matched concept of each, with its cosine. */
import "./concept-matches.css";
import type { JSX } from "preact";
import { reproducibleFrom, type ConceptMatch } from "../../data/concept-stability.ts";
import { useExplorer, type Loaded } from "../../explorer-context.ts";
import { valueOf } from "../../stores/loadable.ts";
import { Failure } from "../../widgets/failure.tsx";
import { Meter } from "../../widgets/meter.tsx";
import { fixed } from "../../widgets/number-text.ts";
import { Term } from "../../widgets/term.tsx";

interface ConceptMatchesProps {
  compared: readonly string[];
  loaded: Loaded<ConceptMatch[]>;
}

export function ConceptMatches({ compared, loaded }: ConceptMatchesProps): JSX.Element {
  const explorer = useExplorer();
  const others = (valueOf(explorer.study.value)?.dictionaries ?? []).length > 1;
  return (
    <section class="concept-matches">
      <h2>
        <Term of="stability">Stability</Term>
      </h2>
      {compared.length === 0 && (
        <p class="nothing">
          {others
            ? "Not compared yet: viaduct compare matches its concepts with those of the study's other dictionaries."
            : "The study has no other dictionary: train one with another seed and run viaduct compare to see which concepts are found again."}
        </p>
      )}
      <Failure content={loaded.content} />
      <ul class="link-list">
        {(valueOf(loaded.content) ?? []).map((match) => (
          <li key={match.other}>
            <Match {...match} />
          </li>
        ))}
      </ul>
    </section>
  );
}

function Match({ other, match, cosine }: ConceptMatch): JSX.Element {
  const explorer = useExplorer();
  if (match === null || cosine === null) {
    return (
      <p class="match-none">
        <strong>{other}</strong> has no concept left to match with: it has fewer.
      </p>
    );
  }
  return (
    <div class="match-line">
      <a href={explorer.href(explorer.conceptOf(other, match))}>
        <span class="match-dictionary">{other}</span>
        <span>concept {match}</span>
      </a>
      <span class="link-figures">
        <Meter share={cosine} />
        <Term of="matchedConcept">cosine</Term> {fixed(cosine, 2)}
      </span>
      {cosine < reproducibleFrom && (
        <span class="badge">
          <Term of="notReproducible">not reproducible</Term>
        </span>
      )}
    </div>
  );
}
