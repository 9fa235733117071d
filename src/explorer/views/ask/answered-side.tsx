/** The concepts that a sentence or a picture activates, and the nearest items of the set. */
import type { JSX } from "preact";
import type { QueryAnswer } from "../../../protocol/query.ts";
import { useExplorer } from "../../explorer-context.ts";
import type { OpenDictionary } from "../../stores/explorer-store.ts";
import { Meter } from "../../widgets/meter.tsx";
import { counted, fixed, percent, significant } from "../../widgets/number-text.ts";
import { Picture, shortened } from "../../widgets/picture.tsx";
import { Term } from "../../widgets/term.tsx";
import { ConceptLabelLine } from "../concept-label-line.tsx";

interface AnsweredSideProps {
  title: string;
  answer: QueryAnswer;
  opened: OpenDictionary;
}

export function AnsweredSide({ title, answer, opened }: AnsweredSideProps): JSX.Element {
  const explorer = useExplorer();
  const { concepts, nearest, reconstructionCosine } = answer;
  const greatest = Math.max(...concepts.map(({ share }) => share), 1e-9);
  const light = (): void => {
    explorer.picked.clear();
    explorer.picked.add(concepts.map(({ concept }) => concept));
    explorer.navigate({ view: "map" });
  };
  return (
    <section class="answered">
      <div class="answered-head">
        <h2>{title}</h2>
        <p class="link-legend">
          {counted(concepts.length, "active concept")}; <Term of="cosine">cosine</Term> with what they rebuild{" "}
          {fixed(reconstructionCosine, 2)}; bars: <Term of="share">share</Term>
        </p>
        {concepts.length > 0 && (
          <button type="button" class="button" onClick={light}>
            Show on the map
          </button>
        )}
      </div>
      <div class="answered-columns">
        <ul class="answered-concepts" aria-label={`Concepts of ${title.toLowerCase()}`}>
          {concepts.map(({ concept, share, activation }) => (
            <li key={concept}>
              <a href={explorer.href({ view: "concept", concept })}>
                <ConceptLabelLine opened={opened} concept={concept} />
                <span class="answered-share" title={`activation ${significant(activation)}`}>
                  <Meter share={share / greatest} />
                  {percent(share)}
                </span>
              </a>
            </li>
          ))}
        </ul>
        <div class="answered-nearest">
          {nearest === null && (
            <p class="nothing">
              This site was exported without the embeddings: nothing is said of the nearest items.
            </p>
          )}
          {nearest !== null && nearest.image.length > 0 && (
            <>
              <h3>Nearest pictures</h3>
              <ul class="answered-pictures">
                {nearest.image.map(({ row, cosine, file, caption }) => (
                  <li
                    key={row}
                    title={`cosine ${fixed(cosine, 3)}: ${shortened(caption ?? file ?? "", 200)}`}
                  >
                    <Picture
                      whyNot={explorer.whyNoPicture}
                      item={{ row, file, caption, source: null }}
                      address={explorer.picture(row)}
                      size="tile"
                    />
                    <span>{fixed(cosine, 2)}</span>
                  </li>
                ))}
              </ul>
            </>
          )}
          {nearest !== null && nearest.text.length > 0 && (
            <>
              <h3>Nearest captions</h3>
              <ul class="answered-captions">
                {nearest.text.map(({ row, cosine, caption, file }) => (
                  <li key={row}>
                    <span>{fixed(cosine, 2)}</span>
                    <span dir="auto">{shortened(caption ?? file ?? `text row ${row}`, 300)}</span>
                  </li>
                ))}
              </ul>
            </>
          )}
        </div>
      </div>
    </section>
  );
}
