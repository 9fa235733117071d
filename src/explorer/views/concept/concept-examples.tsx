/** The rows that activate a concept: pictures and captions from one part of its range. */
import "./concept-examples.css";
import type { JSX } from "preact";
import { isDead } from "../../data/concept-columns.ts";
import type { Item } from "../../data/item-table.ts";
import { useExplorer, type Loaded } from "../../explorer-context.ts";
import type { Explorer, OpenDictionary } from "../../stores/explorer-store.ts";
import { valueOf } from "../../stores/loadable.ts";
import { Meter } from "../../widgets/meter.tsx";
import { Notice } from "../../widgets/notice.tsx";
import { significant } from "../../widgets/number-text.ts";
import { Picture, shortened } from "../../widgets/picture.tsx";
import { Term } from "../../widgets/term.tsx";
import { ItemLink } from "../item-link.tsx";
import { ExamplesSkeleton } from "./concept-skeleton.tsx";
import { ItemDetails } from "./item-details.tsx";
import type { ExampleOfItem } from "./read-examples.ts";

/** Characters of a caption; more of it in its tooltip. */
const longest = 400;

const bands = [
  ["top", "Top"],
  ["middle", "Middle"],
  ["low", "Low"],
] as const;

interface ConceptExamplesProps {
  opened: OpenDictionary;
  concept: number;
  examples: Loaded<ExampleOfItem[]>;
}

export function ConceptExamples({ opened, concept, examples }: ConceptExamplesProps): JSX.Element {
  const explorer = useExplorer();
  const { concepts } = opened.tables;
  const { band } = explorer.address.value;
  const dead = isDead(concepts, concept);
  const all = valueOf(examples.content) ?? [];
  const shown = all.filter((example) => example.band === band);
  // The strongest of either side are among them.
  const greatest = all.reduce((most, { activation }) => Math.max(most, activation), 0);
  return (
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
              onClick={() => explorer.navigate({ band: value }, "replace")}
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
      {dead && (
        <p class="nothing">
          This concept is dead: no row of the set activates it, so there is nothing to show. Other learners,
          fewer concepts or a longer training leave fewer of them.
        </p>
      )}
      {!dead && examples.content.state === "loading" && <ExamplesSkeleton />}
      <Pictures
        none={noneOf("pictures", explorer, dead, examples)}
        examples={shown.filter((example) => example.modality === "image")}
        greatest={greatest}
      />
      <Captions
        none={noneOf("captions", explorer, dead, examples)}
        examples={shown.filter((example) => example.modality === "text")}
        greatest={greatest}
      />
    </section>
  );
}

interface ExamplesProps {
  examples: readonly ExampleOfItem[];
  greatest: number;
  /** What stands there when there are none; empty while they are loading. */
  none: string;
}

function Pictures({ examples, greatest, none }: ExamplesProps): JSX.Element {
  const explorer = useExplorer();
  if (examples.length === 0) return <p class="nothing">{none}</p>;
  return (
    <ul class="pictures">
      {examples.map((example) => (
        <li key={example.row}>
          <ItemLink side="image" row={example.row} label={`Picture ${example.row}`}>
            <Picture
              whyNot={explorer.whyNoPicture}
              item={example.item}
              address={explorer.picture(example.row)}
              size="tile"
            />
          </ItemLink>
          <span class="picture-activation">
            <Meter share={example.activation / greatest} tone="image" />
            {significant(example.activation)}
          </span>
          <ItemDetails table={explorer.images} row={example.row} item={example.item} />
        </li>
      ))}
    </ul>
  );
}

function Captions({ examples, greatest, none }: ExamplesProps): JSX.Element {
  const explorer = useExplorer();
  if (examples.length === 0) return <p class="nothing">{none}</p>;
  return (
    <ul class="captions">
      {examples.map((example) => (
        <li key={example.row}>
          <span class="caption-activation">
            <Meter share={example.activation / greatest} tone="text" />
            {significant(example.activation)}
          </span>
          <div>
            <ItemLink side="text" row={example.row} class="caption-link">
              <Caption item={example.item} row={example.row} />
            </ItemLink>
            <ItemDetails table={explorer.texts} row={example.row} item={example.item} />
          </div>
        </li>
      ))}
    </ul>
  );
}

/** Row numbers stand for captions that the set does not hold. */
function Caption({ item, row }: { item: Item | null; row: number }): JSX.Element {
  const caption = item?.caption ?? "";
  return caption.trim() === "" ? (
    <span class="caption-text caption-absent">text row {row}, no caption in the set</span>
  ) : (
    <span
      class="caption-text"
      dir="auto"
      title={caption.length > longest ? shortened(caption, 2000) : undefined}
    >
      {shortened(caption, longest)}
    </span>
  );
}

function noneOf(
  kind: "pictures" | "captions",
  explorer: Explorer,
  dead: boolean,
  examples: Loaded<ExampleOfItem[]>,
): string {
  if (dead || examples.stale || examples.content.state !== "ready") return "";
  const set = valueOf(explorer.study.value)?.set;
  if (set !== undefined && (kind === "pictures" ? set.imageRows : set.textRows) === 0) {
    return `This set has no ${kind}.`;
  }
  return examples.content.value.some((example) => (example.modality === "image") === (kind === "pictures"))
    ? `No ${kind} in this part of its range.`
    : `No ${kind} activate it.`;
}
