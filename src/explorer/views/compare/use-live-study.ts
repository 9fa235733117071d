/** The study's dictionaries as they stand, and the runs that train: asked for while the view is shown. */
import { useEffect, useState } from "preact/hooks";
import type { DictionarySummary, StudySummary } from "../../../protocol/study-summary.ts";
import { LiveTraining, type LiveStudy } from "../../data/live-training.ts";
import type { TrainingHistory } from "../../data/training-history.ts";
import { useServices } from "../../explorer-context.ts";

/** Milliseconds between two looks, while something trains and while nothing does. */
const wait = { training: 2000, idle: 5000 };

export interface Standing {
  dictionaries: readonly DictionarySummary[];
  training: readonly TrainingHistory[];
  /** Dictionaries that have appeared since the page was opened. */
  fresh: readonly string[];
}

/** A static export does not change. */
export function useLiveStudy(study: StudySummary | null): Standing {
  const { source } = useServices();
  const [live, setLive] = useState<LiveStudy | null>(null);
  const changes = study !== null && study.site === undefined;
  useEffect(() => {
    if (!changes) return undefined;
    const training = new LiveTraining(source);
    let timer: ReturnType<typeof setTimeout> | undefined;
    let current = true;
    let running = false;
    const look = async (): Promise<void> => {
      if (!document.hidden) {
        // While the server does not answer, what was seen last stays.
        const seen = await training.look().catch(() => null);
        if (seen !== null) running = seen.training.length > 0;
        if (current && seen !== null) setLive((before) => (isSame(before, seen) ? before : seen));
      }
      if (current) timer = setTimeout(() => void look(), running ? wait.training : wait.idle);
    };
    void look();
    return () => {
      current = false;
      clearTimeout(timer);
    };
  }, [source, changes]);
  const [known, seen] = [study?.dictionaries ?? [], live?.summary.dictionaries ?? null];
  const names = new Set(known.map(({ name }) => name));
  const fresh = (seen ?? []).filter(({ name }) => !names.has(name));
  return {
    // The same list as long as it names the same, so that nothing is read again.
    dictionaries: seen === null || (fresh.length === 0 && seen.length === known.length) ? known : seen,
    training: live?.training ?? [],
    fresh: fresh.map(({ name }) => name),
  };
}

function isSame(a: LiveStudy | null, b: LiveStudy): boolean {
  const text = ({ summary, training }: LiveStudy): string =>
    JSON.stringify([
      summary.dictionaries.map(({ name }) => name),
      training.map(({ name, columns }) => [name, columns.get("step")?.length ?? 0]),
    ]);
  return a !== null && text(a) === text(b);
}
