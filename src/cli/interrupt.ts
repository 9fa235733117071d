import { ViaductError } from "../base/errors.ts";

/**
 * For verbs that have something to save or to clear away: Ctrl-C asks for a stop after the current
 * step, which `say` is told; a second one stops at once. Elsewhere the first one stops at once.
 */
export async function interruptible<T>(
  work: (signal: AbortSignal) => Promise<T>,
  say: (line: string) => void = (line) => process.stderr.write(`\n${line}\n`),
): Promise<T> {
  const controller = new AbortController();
  const stop = (): void => {
    if (controller.signal.aborted) process.exit(130);
    say("viaduct: stopping after this step (Ctrl-C again stops at once)");
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
