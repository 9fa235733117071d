/**
 * Answers questions about one study, one after the other, with its sets, dictionaries and encoder kept
 * open in between.
 */
import { stat } from "node:fs/promises";
import { join } from "node:path";
import { ViaductError } from "../../base/errors.ts";
import type { ProgressReport } from "../../base/progress.ts";
import { createReferenceBackend } from "../../kernels/reference/backend.ts";
import type { Answer, Question } from "../../protocol/query.ts";
import { studyLayout } from "../../protocol/study-layout.ts";
import { explainOpened } from "./explain.ts";
import { openForQuery, type QueriedStudy } from "./open-query.ts";
import { queryOpened, type QueryEffects } from "./query.ts";
import { openStudyEncoder, type StudyEncoder } from "./study-encoder.ts";

export interface Answerer {
  /** A question whose `signal` is aborted before its turn is not answered: throws the signal's reason. */
  ask(asked: Question, signal?: AbortSignal): Promise<Answer>;
  /** What is fetched for the question in hand, in bytes; null: nothing. */
  doing(): ProgressReport | null;
  close(): Promise<void>;
}

export interface AnswererOptions {
  /** Use only files of the model that are on this machine. Default false. */
  readonly offline?: boolean;
  /** As of EncoderEffects: where the hub and its cache are. */
  readonly environment?: Readonly<Record<string, string | undefined>>;
}

export function createAnswerer(
  study: string,
  { offline = false, environment }: AnswererOptions = {},
): Answerer {
  // One row at a time needs no threads.
  const backend = createReferenceBackend();
  const opened = new Map<string, { readonly made: string; readonly queried: Promise<QueriedStudy> }>();
  let encoder: Promise<StudyEncoder> | null = null;
  let last: Promise<unknown> = Promise.resolve();
  const stop = new AbortController();
  let doing: ProgressReport | null = null;

  const open = async (dictionary: string): Promise<QueriedStudy> => {
    const made = await lastMade(study, dictionary);
    const known = opened.get(dictionary);
    if (known?.made === made) return known.queried;
    opened.delete(dictionary);
    await closed(known?.queried);
    const queried = openForQuery(study, dictionary);
    opened.set(dictionary, { made, queried });
    queried.catch(() => opened.delete(dictionary));
    return queried;
  };
  const effects: QueryEffects = {
    backend,
    signal: stop.signal,
    encoder: ({ set }) => {
      encoder ??= openStudyEncoder(
        set,
        { offline },
        {
          signal: stop.signal,
          progress: (report) => (doing = report),
          ...(environment === undefined ? {} : { environment }),
        },
      )
        .catch((error: unknown) => {
          encoder = null;
          throw error;
        })
        .finally(() => (doing = null));
      return encoder;
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
    ask(asked, signal) {
      const answered = last.then(() => {
        signal?.throwIfAborted();
        return answer(asked);
      });
      last = answered.catch(() => undefined);
      return answered;
    },
    doing: () => doing,
    /** Ends what is under way, a download of the model for one, before anything that it uses is closed. */
    async close() {
      stop.abort(new ViaductError("cancelled", "the explorer was closed"));
      await last;
      await Promise.all(Array.from(opened.values(), ({ queried }) => closed(queried)));
      await closed(encoder);
    },
  };
}

/** Changes when a dictionary is learned or analysed anew. */
async function lastMade(study: string, dictionary: string): Promise<string> {
  const { manifest, analysis } = studyLayout.dictionary(dictionary);
  const found = await Promise.all(
    [manifest, analysis.manifest].map((path) => stat(join(study, path)).catch(() => null)),
  );
  return found.map((one) => (one === null ? "none" : `${one.size} ${one.mtimeMs}`)).join(", ");
}

async function closed(one: Promise<{ close(): Promise<void> }> | null | undefined): Promise<void> {
  await one?.then(
    (opened) => opened.close(),
    () => undefined,
  );
}
