/** Why the sentence and the picture are alike: shared concepts, bridges, remainder, and the largest terms. */
import type { JSX } from "preact";
import type { Explanation } from "../../../protocol/query.ts";
import { useExplorer } from "../../explorer-context.ts";
import type { OpenDictionary } from "../../stores/explorer-store.ts";
import { count, fixed, percent } from "../../widgets/number-text.ts";
import { Term } from "../../widgets/term.tsx";
import { ConceptLabelLine } from "../concept-label-line.tsx";

const shown = 12;

export function ExplainedPair({
  explanation,
  opened,
}: {
  explanation: Explanation;
  opened: OpenDictionary;
}): JSX.Element {
  const explorer = useExplorer();
  const { similarity, shared, bridges, remainder, terms } = explanation;
  const part = (value: number): string => (similarity === 0 ? "–" : percent(value / similarity));
  return (
    <section class="explained">
      <h2>
        <Term of="explained">Why they are alike</Term>
      </h2>
      <table class="explained-parts">
        <tbody>
          <tr>
            <th scope="row">similarity</th>
            <td>{fixed(similarity, 4)}</td>
            <td />
          </tr>
          {(
            [
              ["shared concepts", shared],
              ["bridges", bridges],
              ["remainder", remainder],
            ] as const
          ).map(([name, value]) => (
            <tr key={name}>
              <th scope="row">{name}</th>
              <td>{fixed(value, 4)}</td>
              <td>{part(value)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <ul class="explained-terms">
        {terms.slice(0, shown).map((term) => (
          <li key={`${term.imageConcept} ${term.textConcept}`}>
            <span class="explained-value">{fixed(term.value, 4)}</span>
            <a href={explorer.href({ view: "concept", concept: term.imageConcept })}>
              <ConceptLabelLine opened={opened} concept={term.imageConcept} />
            </a>
            {term.kind === "shared" ? (
              <span class="bridge-same">on both sides</span>
            ) : (
              <a href={explorer.href({ view: "concept", concept: term.textConcept })}>
                <ConceptLabelLine opened={opened} concept={term.textConcept} />
              </a>
            )}
          </li>
        ))}
      </ul>
      {terms.length > shown && (
        <p class="link-legend">
          the {shown} largest of {count(terms.length)} terms; picture concept on the left, caption concept on
          the right
        </p>
      )}
    </section>
  );
}
