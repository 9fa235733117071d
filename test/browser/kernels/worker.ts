/** Trains inside a worker, where the engine may sleep. */
import { createCpuBackend } from "../../../src/platform/web/cpu-backend.ts";
import { train } from "./training.ts";

globalThis.addEventListener("message", (event: MessageEvent<number>) => {
  void createCpuBackend({ threads: event.data })
    .then(train)
    .then((result) => globalThis.postMessage(result, { transfer: [] }));
});
