/** The worker thread that matches the concepts of two dictionaries one to one: one question, one answer. */
import { matchAtoms, type Atoms } from "../../metrics/stability.ts";
import { createCpuBackend } from "../../platform/web/cpu-backend.ts";
import { workerThreads } from "../worker-threads.ts";
import type { AtomMatching, MatchReply } from "./match-in-worker.ts";

async function matched({ a, b }: { a: Atoms; b: Atoms }): Promise<AtomMatching> {
  const threads = workerThreads();
  const backend = await createCpuBackend({ threads });
  try {
    const { match, cosine, stability } = await matchAtoms(backend, a, b);
    return { match, cosine, stability };
  } finally {
    await backend.close();
  }
}

globalThis.addEventListener("message", ({ data }: MessageEvent<{ a: Atoms; b: Atoms }>) => {
  void matched(data)
    .then(
      (answer): MatchReply => ({ answer }),
      (error: unknown): MatchReply => ({ problem: error instanceof Error ? error.message : String(error) }),
    )
    .then((reply) => globalThis.postMessage(reply, { transfer: [] }));
});
