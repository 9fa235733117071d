/** `viaduct analyze`: measures the dictionaries of a study and writes what was found beside them. */
import { silent, type Progress } from "../base/progress.ts";
import type { Backend } from "../kernels/backend.ts";
import { analyzeDictionary, type Analysis } from "./analysis/analyze-dictionary.ts";
import { writeAnalysis } from "./analysis/write-analysis.ts";
import { openDictionary } from "./dictionary-folder.ts";
import { chosenDictionaries, openStudy, openStudySet } from "./study.ts";
import { namedVocabulary } from "./vocabulary.ts";

export interface AnalyzeSpec {
  readonly study: string;
  /** Default: every dictionary of the study. */
  readonly dictionary?: string;
  /** Seed of samples, shuffles and the map; default 0. */
  readonly seed?: number;
  /** Embedding set or matrix file with names: words to hold against the atoms; default: those of the captions. */
  readonly vocabulary?: string;
}

export interface AnalyzeEffects {
  readonly backend: Backend;
  readonly progress?: Progress;
  readonly signal?: AbortSignal;
}

export interface AnalyzedStudy {
  readonly study: string;
  /** What each metrics.json holds. */
  readonly dictionaries: readonly Analysis["metrics"][];
}

export async function analyzeStudy(spec: AnalyzeSpec, effects: AnalyzeEffects): Promise<AnalyzedStudy> {
  const study = await openStudy(spec.study);
  const names = chosenDictionaries(study, spec.dictionary);
  const set = await openStudySet(study, { verify: true });
  try {
    const vocabulary =
      spec.vocabulary === undefined
        ? undefined
        : await namedVocabulary(spec.vocabulary, set.embeddings.dimension);
    const dictionaries: Analysis["metrics"][] = [];
    for (const name of names) {
      const { dictionary, run } = await openDictionary(study.path, name);
      const analysis = await analyzeDictionary({
        name,
        learner: run.learner,
        dictionary,
        set: set.embeddings,
        items: set.items,
        ...(vocabulary === undefined ? {} : { vocabulary }),
        backend: effects.backend,
        seed: spec.seed ?? 0,
        progress: effects.progress ?? silent,
        ...(effects.signal === undefined ? {} : { signal: effects.signal }),
      });
      await writeAnalysis(study.path, name, analysis);
      dictionaries.push(analysis.metrics);
    }
    return { study: study.path, dictionaries };
  } finally {
    await set.close();
  }
}
