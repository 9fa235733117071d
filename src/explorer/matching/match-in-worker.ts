/** The page's side of the worker that matches concepts. */
import { ViaductError } from "../../base/errors.ts";
import type { Atoms, Matching } from "../../metrics/stability.ts";
import type { StartPeer } from "../worker-peer.ts";

export type AtomMatching = Pick<Matching, "match" | "cosine" | "stability">;

export type MatchReply = { readonly answer: AtomMatching } | { readonly problem: string };

export type MatchAtoms = (a: Atoms, b: Atoms) => Promise<AtomMatching>;

/** A worker for each pair, which ends with its answer. */
export function matchInWorker(start: StartPeer): MatchAtoms {
  return async (a, b) => {
    const peer = start();
    try {
      const reply = await new Promise<MatchReply>((resolve) => {
        peer.onMessage((data) => resolve(data as MatchReply));
        peer.onFailure((problem) => resolve({ problem }));
        peer.postMessage({ a, b }, []);
      });
      if ("problem" in reply) throw new ViaductError("bad-input", reply.problem);
      return reply.answer;
    } finally {
      peer.terminate();
    }
  };
}
