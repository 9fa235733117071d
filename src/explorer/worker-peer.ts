/** A worker thread as those see it who ask it something. */

/** The part of a Worker that is needed. */
export interface MessagePeer {
  postMessage(message: unknown, transfer: Transferable[]): void;
  onMessage(callback: (data: unknown) => void): void;
  /** It could not be started, or broke down. */
  onFailure(callback: (reason: string) => void): void;
  terminate(): void;
}

export type StartPeer = () => MessagePeer;

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
