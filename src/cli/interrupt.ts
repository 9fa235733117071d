import { ViaductError } from "../base/errors.ts";

/**
 * For verbs that have something to save or to clear away: Ctrl-C asks for a stop after the current
 * step; a second one stops at once. Elsewhere the first one stops at once.
 */
export async function interruptible<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const controller = new AbortController();
  const stop = (): void => {
    if (controller.signal.aborted) process.exit(130);
    process.stderr.write("\nviaduct: stopping after this step (Ctrl-C again stops at once)\n");
    controller.abort(new ViaductError("cancelled", "stopped"));
  };
  process.on("SIGINT", stop);
  process.on("SIGTERM", stop);
  try {
    return await work(controller.signal);
  } finally {
    process.off("SIGINT", stop);
    process.off("SIGTERM", stop);
  }
}
