/** Words that tell of a concept: of its captions, of its pictures' captions, and along its direction. */
import "./concept-words.css";
import type { JSX } from "preact";
import type { WordList } from "../../../protocol/analysis-tables.ts";
import type { Word } from "../../data/dictionary-tables.ts";
import type { Loaded } from "../../explorer-context.ts";
import { valueOf } from "../../stores/loadable.ts";
import type { DefinitionKey } from "../../widgets/definitions.ts";
import { Failure } from "../../widgets/failure.tsx";
import { Meter } from "../../widgets/meter.tsx";
import { fixed, significant } from "../../widgets/number-text.ts";
import { Term } from "../../widgets/term.tsx";

/** Words of a list on the page. */
const longestList = 8;

interface ListAbout {
  list: WordList;
  title: string;
  term: DefinitionKey;
  tone: "image" | "text" | "plain";
  unit: string;
  say: (score: number) => string;
}

const lists: readonly ListAbout[] = [
  {
    list: "direction",
    title: "Along its direction",
    term: "wordsAlong",
    tone: "plain",
    unit: "cosine",
    say: (score) => fixed(score, 2),
  },
  {
    list: "texts",
    title: "In its captions",
    term: "wordsOfTexts",
    tone: "text",
    unit: "G²",
    say: (score) => significant(score),
  },
  {
    list: "pictures",
    title: "In its pictures’ captions",
    term: "wordsOfPictures",
    tone: "image",
    unit: "G²",
    say: (score) => significant(score),
  },
];

export function ConceptWords({ loaded }: { loaded: Loaded<Word[] | null> }): JSX.Element {
  const words = valueOf(loaded.content);
  return (
    <section class="concept-word-lists">
      <h2>Words</h2>
      <Failure content={loaded.content} />
      {loaded.content.state === "ready" && words === null && (
        <p class="nothing">
          This study was analysed before words were kept: run <code>viaduct analyze</code> again.
        </p>
      )}
      {words?.length === 0 && (
        <p class="nothing">No word tells it: the set has no captions, or too few of its rows do.</p>
      )}
      {words !== null &&
        lists.map((about) => (
          <List
            key={about.list}
            about={about}
            words={words.filter(({ list }) => list === about.list).slice(0, longestList)}
          />
        ))}
    </section>
  );
}

function List({ about, words }: { about: ListAbout; words: readonly Word[] }): JSX.Element | null {
  if (words.length === 0) return null;
  const greatest = Math.max(...words.map(({ score }) => Math.abs(score)));
  return (
    <div class="word-list">
      <h3>
        <Term of={about.term}>{about.title}</Term> <span class="word-unit">{about.unit}</span>
      </h3>
      <ul>
        {words.map(({ word, score }) => (
          <li key={word}>
            <span class="word" dir="auto">
              {word}
            </span>
            <Meter share={Math.abs(score) / greatest} tone={about.tone} />
            <span class="word-score">{about.say(score)}</span>
          </li>
        ))}
      </ul>
    </div>
  );
}
