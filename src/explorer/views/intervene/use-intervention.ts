/** The session that the address asks for, with its scales applied. */
import { useEffect, useMemo } from "preact/hooks";
import { useServices } from "../../explorer-context.ts";
import {
  conceptScales,
  keptCount,
  type KeptCount,
  type SetColumns,
} from "../../intervention/concept-scales.ts";
import { interventionSession, type InterventionSession } from "../../intervention/intervention-session.ts";
import type { OpenDictionary } from "../../stores/explorer-store.ts";
import { valueOf } from "../../stores/loadable.ts";

export interface Intervening {
  session: InterventionSession;
  /** What sets are chosen by; null until it is known. */
  columns: SetColumns | null;
  /** Null where the set that the address names cannot be told. */
  kept: KeptCount | null;
}

const columnsNeeded = ["modalityScore", "energy", "active"] as const;

export function useIntervention(opened: OpenDictionary): Intervening {
  const { explorer, source, workers } = useServices();
  const address = explorer.address.value;
  const { keep, without, stableFrom, energyShare, scaled, searched } = address;
  const set = valueOf(explorer.study.value)?.set ?? null;
  const session = useMemo(
    () =>
      interventionSession(
        { source, set: set!, dictionary: opened.summary, pairs: explorer.pairs },
        searched,
        workers.intervention,
      ),
    [opened, searched, set],
  );
  const there = opened.tables.hasColumns(columnsNeeded);
  const { concepts } = opened.tables;
  const matched = keep === "stable" ? opened.leastMatched() : null;
  const matchedValues = matched === null ? null : valueOf(matched);
  const passes = keep === "listed" ? (explorer.selection.value?.passes ?? null) : null;
  const picked = explorer.picked.concepts.value;
  const columns = useMemo((): SetColumns | null => {
    if (!there || (keep === "listed" && passes === null)) return null;
    return {
      modalityScore: concepts.modalityScore,
      energy: concepts.energy,
      matched: matchedValues,
      listed: passes ?? [],
      picked: new Set(picked),
    };
  }, [there, concepts, matchedValues, passes, picked, keep]);
  const scales = useMemo(
    () => columns && conceptScales({ keep, without, stableFrom, energyShare, scaled }, columns),
    [columns, keep, without, stableFrom, energyShare, scaled],
  );
  useEffect(() => {
    if (scales === null) session.clear();
    else session.apply(scales);
  }, [session, scales]);
  const kept = useMemo(
    () => (scales === null ? null : keptCount(scales, { energy: concepts.energy, active: concepts.active })),
    [scales, there],
  );
  return { session, columns, kept };
}
