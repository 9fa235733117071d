/**
 * Worker threads that prepare pictures ahead of the network. Results come in the order asked for, and no
 * more than a window of them is under way or waiting, so that memory does not grow with their number.
 */
import { Worker } from "node:worker_threads";
import { ViaductError, type ErrorCode } from "../../base/errors.ts";
import type { PicturePlace, PictureResult, PreparationOptions } from "./prepare-picture.ts";
import type { PictureAnswer, PictureJob } from "./picture-worker.ts";

export interface PicturePool {
  /** The results of `places`, in their order. Runs `window` pictures ahead of who asks. */
  prepare(places: Iterable<PicturePlace>, window: number): AsyncGenerator<PictureResult, void>;
  close(): Promise<void>;
}

/** Source runs as .ts in a checkout and as .js once built. */
const workerFile = new URL(
  import.meta.url.endsWith(".ts") ? "./picture-worker.ts" : "./picture-worker.js",
  import.meta.url,
);

interface Thread {
  readonly worker: Worker;
  underWay: number;
}

export function openPicturePool(threads: number, options: PreparationOptions): PicturePool {
  let failure: Error | undefined;
  let closing = false;
  /** By the number of the job: what came, or who waits for it. */
  const came = new Map<number, PictureResult>();
  const awaited = new Map<number, { give(result: PictureResult): void; fail(error: Error): void }>();
  const fail = (error: Error): void => {
    failure ??= error;
    for (const waits of awaited.values()) waits.fail(failure);
    awaited.clear();
  };
  const pool: Thread[] = Array.from({ length: threads }, () => {
    // Options of the process (--input-type, --inspect-brk) are not meant for its threads.
    const worker = new Worker(workerFile, { workerData: options, execArgv: [] });
    const thread = { worker, underWay: 0 };
    worker.on("message", ({ id, ...result }: PictureAnswer) => {
      thread.underWay--;
      const waits = awaited.get(id);
      awaited.delete(id);
      if (waits) waits.give(result);
      else came.set(id, result);
    });
    worker.on("error", (error) => fail(asOurs(error)));
    worker.on("exit", (code) => {
      if (!closing) fail(new Error(`a thread that prepares pictures ended with ${code}`));
    });
    // A process that has nothing else to do ends.
    worker.unref();
    return thread;
  });

  function result(id: number): Promise<PictureResult> {
    const there = came.get(id);
    if (there !== undefined) {
      came.delete(id);
      return Promise.resolve(there);
    }
    if (failure) return Promise.reject(failure);
    return new Promise((give, fail) => awaited.set(id, { give, fail }));
  }

  let jobs = 0;
  return {
    async *prepare(places, window) {
      const source = places[Symbol.iterator]();
      const asked: number[] = [];
      const ask = (): void => {
        const next = source.next();
        if (next.done === true) return;
        const { path, start, bytes } = next.value;
        const thread = pool.reduce((least, one) => (one.underWay < least.underWay ? one : least));
        const job: PictureJob = { id: jobs++, path, start, bytes };
        thread.underWay++;
        thread.worker.postMessage(job, []);
        asked.push(job.id);
      };
      while (asked.length < window) {
        const before = asked.length;
        ask();
        if (asked.length === before) break;
      }
      // Threads are awaited while there is something to wait for.
      for (const { worker } of pool) worker.ref();
      try {
        for (let id = asked.shift(); id !== undefined; id = asked.shift()) {
          const prepared = await result(id);
          ask();
          yield prepared;
        }
      } finally {
        for (const { worker } of pool) worker.unref();
      }
    },
    async close() {
      closing = true;
      await Promise.all(pool.map(({ worker }) => worker.terminate()));
    },
  };
}

/** An error that crossed from another thread has lost its class, not its code. */
function asOurs(error: unknown): Error {
  const { code, message } = error as { code?: unknown; message?: unknown };
  if (code === "missing-part" && typeof message === "string") {
    return new ViaductError(code satisfies ErrorCode, message, { cause: error });
  }
  return error instanceof Error ? error : new Error(String(error));
}
