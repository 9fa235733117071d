/** Queries that open the set's own model where they need it, and close it after. */
import type { Progress } from "../../base/progress.ts";
import type { Backend } from "../../kernels/backend.ts";
import type { Explanation, QueryAnswer } from "../../protocol/query.ts";
import { explainPair, type ExplainSpec } from "./explain.ts";
import { queryStudy, type QueryEffects, type QuerySpec } from "./query.ts";
import { openStudyEncoder, type StudyEncoder, type StudyEncoderChoice } from "./study-encoder.ts";

export interface AnswerEffects {
  readonly backend: Backend;
  readonly progress?: Progress;
  readonly signal?: AbortSignal;
}

export function answerQuery(
  spec: QuerySpec,
  choice: StudyEncoderChoice,
  effects: AnswerEffects,
): Promise<QueryAnswer> {
  return withEncoder(choice, effects, (query) => queryStudy(spec, query));
}

export function answerExplain(
  spec: ExplainSpec,
  choice: StudyEncoderChoice,
  effects: AnswerEffects,
): Promise<Explanation> {
  return withEncoder(choice, effects, (query) => explainPair(spec, query));
}

async function withEncoder<T>(
  choice: StudyEncoderChoice,
  { backend, progress, signal }: AnswerEffects,
  work: (effects: QueryEffects) => Promise<T>,
): Promise<T> {
  const stop = signal === undefined ? {} : { signal };
  let opened: Promise<StudyEncoder> | undefined;
  try {
    return await work({
      backend,
      ...stop,
      encoder: ({ set }) =>
        (opened ??= openStudyEncoder(set, choice, {
          ...stop,
          ...(progress === undefined ? {} : { progress }),
        })),
    });
  } finally {
    await opened?.then(
      (encoder) => encoder.close(),
      () => undefined,
    );
  }
}
