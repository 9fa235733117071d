/** The page's side of the worker that computes interventions. */
import { ViaductError } from "../../base/errors.ts";
import type { MessagePeer, StartPeer } from "../worker-peer.ts";
import type { Answers, Asked, Reply } from "./messages.ts";

export class InterventionClient {
  readonly #peer: MessagePeer;
  readonly #waiting: { resolve: (reply: Reply) => void }[] = [];
  #failure: string | null = null;

  constructor(start: StartPeer) {
    this.#peer = start();
    this.#peer.onMessage((data) => this.#waiting.shift()?.resolve(data as Reply));
    this.#peer.onFailure((reason) => {
      this.#failure = reason;
      for (const { resolve } of this.#waiting.splice(0)) resolve({ problem: reason });
    });
  }

  /** Answers come in the order of the questions. */
  async ask<K extends Asked["kind"]>(
    asked: Extract<Asked, { kind: K }>,
    transfer: Transferable[] = [],
  ): Promise<Answers[K]> {
    const reply =
      this.#failure === null
        ? await new Promise<Reply>((resolve) => {
            this.#waiting.push({ resolve });
            this.#peer.postMessage(asked, transfer);
          })
        : { problem: this.#failure };
    if ("problem" in reply) throw new ViaductError("bad-input", reply.problem);
    return reply.answer as Answers[K];
  }

  close(): void {
    this.#peer.terminate();
  }
}
