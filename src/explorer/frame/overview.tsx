/** The dictionary in numbers: how well it rebuilds the set, how sparsely, how much crosses over. */
import "./overview.css";
import type { ComponentChildren, JSX } from "preact";
import { useExplorer } from "../explorer-context.ts";
import { valueOf } from "../stores/loadable.ts";
import type { RowsSummary } from "../../protocol/study-summary.ts";
import type { DefinitionKey } from "../widgets/definitions.ts";
import { count, fixed, percent, significant } from "../widgets/number-text.ts";
import { Term } from "../widgets/term.tsx";

export function Overview(): JSX.Element {
  const explorer = useExplorer();
  const set = valueOf(explorer.study.value)?.set ?? null;
  const dictionary = explorer.dictionary.value;
  const sides = (text: (rows: RowsSummary) => string) =>
    dictionary?.image && dictionary.text
      ? { image: text(dictionary.image), text: text(dictionary.text) }
      : null;
  const r2 = (rows: RowsSummary) => fixed(rows.r2, 3);
  const active = (rows: RowsSummary) => fixed(rows.activePerSample, 1);
  const dead = (rows: RowsSummary) => percent(rows.deadFraction);
  const all = dictionary?.all ?? { r2: null, activePerSample: null, deadFraction: null };
  return (
    <section class="overview" aria-label="The study in numbers" aria-busy={set === null}>
      <Figure term="r2" label="Explained variance R²" value={r2(all)} sides={sides(r2)} sided />
      <Figure
        term="activePerSample"
        label="Active concepts per row"
        value={active(all)}
        sides={sides(active)}
        sided
      />
      <Figure term="deadFraction" label="Dead concepts" value={dead(all)} sides={sides(dead)} sided />
      <Figure
        term="bridgeSum"
        label="Bridge sum"
        value={significant(dictionary?.bridgeSum ?? null)}
        note={set?.pairs === 0 ? "the set has no pairs" : ""}
      />
      <Figure
        term="rows"
        label="Pictures · captions"
        value={`${count(set?.imageRows ?? null)} · ${count(set?.textRows ?? null)}`}
        note={`${count(set?.pairs ?? null)} matched pairs`}
        sided
      />
      <Figure
        label="Embeddings"
        value={set === null ? "–" : (set.model ?? "model not named")}
        note={set === null ? "" : `${count(set.dimension)} dimensions`}
        wide
      />
      <Figure
        label="Learner"
        value={dictionary?.learner ?? "–"}
        note={`${count(dictionary?.concepts ?? null)} concepts`}
        wide
      />
    </section>
  );
}

interface FigureProps {
  label: string;
  value: string;
  term?: DefinitionKey;
  sides?: { image: string; text: string } | null;
  note?: ComponentChildren;
  wide?: boolean;
  /** Whether it may stand for either side. */
  sided?: boolean;
}

function Figure({
  label,
  value,
  term,
  sides = null,
  note,
  wide = false,
  sided = false,
}: FigureProps): JSX.Element {
  return (
    <div class={`figure ${wide ? "figure-wide" : sided ? "figure-sides" : ""}`}>
      <div class="figure-label">{term === undefined ? label : <Term of={term}>{label}</Term>}</div>
      <div class="figure-value" title={value}>
        {value}
      </div>
      <div class="figure-note">
        {sides === null ? (
          note
        ) : (
          <>
            <span class="side-image">pictures {sides.image}</span>
            <span class="side-text">captions {sides.text}</span>
          </>
        )}
      </div>
    </div>
  );
}
