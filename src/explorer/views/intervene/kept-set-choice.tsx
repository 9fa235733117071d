/** Which concepts stay: a set by a rule, kept alone or switched off. */
import type { ComponentChildren, JSX } from "preact";
import { useMemo } from "preact/hooks";
import { useExplorer } from "../../explorer-context.ts";
import { conceptsOfSet, keptSets, noIntervention, type KeptSet } from "../../intervention/concept-scales.ts";
import type { OpenDictionary } from "../../stores/explorer-store.ts";
import { Failure } from "../../widgets/failure.tsx";
import { count, fixed, percent } from "../../widgets/number-text.ts";
import { Term } from "../../widgets/term.tsx";
import { ConceptFilters } from "../concept-filters.tsx";
import type { Intervening } from "./use-intervention.ts";

const words: Readonly<Record<KeptSet, ComponentChildren>> = {
  all: "all",
  bimodal: <Term of="bimodal">bimodal</Term>,
  stable: <Term of="stableConcepts">stable</Term>,
  energetic: <Term of="energeticConcepts">energetic</Term>,
  images: "of pictures only",
  texts: "of captions only",
  listed: "that pass filters",
  picked: "picked",
};

export function KeptSetChoice({
  opened,
  intervening: { columns, kept },
}: {
  opened: OpenDictionary;
  intervening: Intervening;
}): JSX.Element {
  const explorer = useExplorer();
  const { keep, without, stableFrom, energyShare } = explorer.address.value;
  const { active } = opened.tables.concepts;
  const size = useMemo(() => {
    const set = columns && conceptsOfSet({ keep, stableFrom, energyShare }, columns);
    return set && set.reduce((sum, one, j) => sum + (one === 1 && active[j]! > 0 ? 1 : 0), 0);
  }, [columns, keep, stableFrom, energyShare, active]);
  const lacking = keep === "stable" && opened.partners === null;
  return (
    <section class="intervene-panel">
      <h2>Concepts that stay</h2>
      <div class="kept-sets" role="radiogroup" aria-label="Concepts that stay">
        {keptSets.map((set) => (
          <label key={set}>
            <input
              type="radio"
              name="kept-set"
              value={set}
              checked={set === keep}
              onChange={() =>
                explorer.navigate({ keep: set, ...(set === "all" ? { without: false } : {}) }, "replace")
              }
            />
            <span>{words[set]}</span>
          </label>
        ))}
      </div>
      {keep === "stable" && !lacking && (
        <Share
          label="matched cosine of at least"
          value={stableFrom}
          say={fixed(stableFrom, 2)}
          onChange={(value) => explorer.navigate({ stableFrom: value }, "replace")}
        />
      )}
      {keep === "stable" && opened.partners !== null && (
        <p class="intervene-note">in every one of {opened.partners.names.join(", ")}</p>
      )}
      {keep === "stable" && <Failure content={opened.leastMatched()} />}
      {keep === "energetic" && (
        <Share
          label="share of all energy"
          value={energyShare}
          say={percent(energyShare)}
          onChange={(value) => explorer.navigate({ energyShare: value }, "replace")}
        />
      )}
      {keep === "listed" && <ConceptFilters opened={opened} />}
      {lacking && (
        <p class="intervene-note">
          <code>viaduct compare</code> has not matched this dictionary with another run yet, so that nothing
          says which concepts are stable.
        </p>
      )}
      {keep === "picked" && explorer.picked.concepts.value.length === 0 && (
        <p class="intervene-note">
          None is picked: <kbd>x</kbd> picks in the list, on the map and on a concept's page.
        </p>
      )}
      {keep !== "all" && (
        <label class="kept-without">
          <input
            type="checkbox"
            checked={without}
            onChange={(event) => explorer.navigate({ without: event.currentTarget.checked }, "replace")}
          />
          switch {size === null ? "these" : `these ${count(size)}`} off instead, and keep all others
        </label>
      )}
      <p class="intervene-note" aria-live="polite">
        {kept === null ? (
          lacking ? (
            ""
          ) : (
            "…"
          )
        ) : (
          <>
            {count(kept.concepts)} of {count(kept.living)} living concepts are on, with{" "}
            {percent(kept.energyShare)} of the energy.
          </>
        )}
        <button type="button" class="link-button" onClick={() => explorer.navigate(noIntervention)}>
          Reset
        </button>
      </p>
    </section>
  );
}

interface ShareProps {
  label: string;
  value: number;
  say: string;
  onChange: (value: number) => void;
}

function Share({ label, value, say, onChange }: ShareProps): JSX.Element {
  return (
    <label class="kept-share">
      <span>
        {label} <strong>{say}</strong>
      </span>
      <input
        type="range"
        min={0}
        max={1}
        step={0.01}
        value={value}
        aria-valuetext={say}
        onInput={(event) => onChange(Number(event.currentTarget.value))}
      />
    </label>
  );
}
