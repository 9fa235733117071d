/**
 * Answers questions about one study, one after the other, with its sets, dictionaries and encoder kept
 * open in between.
 */
import { ViaductError } from "../../base/errors.ts";
import { createReferenceBackend } from "../../kernels/reference/backend.ts";
import type { Answer, Question } from "../../protocol/query.ts";
import { explainOpened } from "./explain.ts";
import { openForQuery, type QueriedStudy } from "./open-query.ts";
import { queryOpened, type QueryEffects } from "./query.ts";
import { openStudyEncoder, type StudyEncoder } from "./study-encoder.ts";

export interface Answerer {
  ask(asked: Question): Promise<Answer>;
  close(): Promise<void>;
}

export function createAnswerer(study: string): Answerer {
  // One row at a time needs no threads.
  const backend = createReferenceBackend();
  const opened = new Map<string, Promise<QueriedStudy>>();
  let encoder: Promise<StudyEncoder> | null = null;
  let last: Promise<unknown> = Promise.resolve();
  const stop = new AbortController();

  const open = (dictionary: string): Promise<QueriedStudy> => {
    const known = opened.get(dictionary) ?? openForQuery(study, dictionary);
    opened.set(dictionary, known);
    known.catch(() => opened.delete(dictionary));
    return known;
  };
  const effects: QueryEffects = {
    backend,
    signal: stop.signal,
    encoder: ({ set }) => {
      const known = (encoder ??= openStudyEncoder(set, {}, { signal: stop.signal }));
      known.catch(() => (encoder = null));
      return known;
    },
  };

  async function answer({ dictionary, text: words, image }: Question): Promise<Answer> {
    stop.signal.throwIfAborted();
    // What is typed is never the number of a row.
    const text = words === undefined ? undefined : { words };
    const queried = await open(dictionary);
    const picture =
      image === undefined
        ? undefined
        : "row" in image
          ? String(image.row)
          : Buffer.from(image.base64, "base64");
    return {
      text: text === undefined ? null : await queryOpened(queried, { text }, effects),
      image: picture === undefined ? null : await queryOpened(queried, { image: picture }, effects),
      explanation:
        text === undefined || picture === undefined
          ? null
          : await explainOpened(queried, { text, image: picture }, effects),
    };
  }

  return {
    ask(asked) {
      const answered = last.then(() => answer(asked));
      last = answered.catch(() => undefined);
      return answered;
    },
    /** Ends what is under way, a download of the model for one, before anything that it uses is closed. */
    async close() {
      stop.abort(new ViaductError("cancelled", "the explorer was closed"));
      await last;
      const all = await Promise.allSettled(opened.values());
      await Promise.all(all.flatMap((one) => (one.status === "fulfilled" ? [one.value.close()] : [])));
      await encoder?.then(
        (one) => one.close(),
        () => undefined,
      );
    },
  };
}
