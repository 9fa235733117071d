/** The page's side of the worker that computes interventions. */
import { ViaductError } from "../../base/errors.ts";
import type { Answers, Asked, Reply } from "./messages.ts";

/** The part of a Worker that is needed. */
export interface MessagePeer {
  postMessage(message: unknown, transfer: Transferable[]): void;
  onMessage(callback: (data: unknown) => void): void;
  /** It could not be started, or broke down. */
  onFailure(callback: (reason: string) => void): void;
  terminate(): void;
}

export type StartPeer = () => MessagePeer;

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

/** A worker of the browser. */
export function workerPeer(worker: Worker): MessagePeer {
  return {
    postMessage: (message, transfer) => worker.postMessage(message, transfer),
    onMessage: (callback) =>
      worker.addEventListener("message", ({ data }: MessageEvent<unknown>) => callback(data)),
    onFailure: (callback) =>
      worker.addEventListener("error", (event) =>
        callback(`the part of the page that computes stopped: ${event.message || "its code did not arrive"}`),
      ),
    terminate: () => worker.terminate(),
  };
}
