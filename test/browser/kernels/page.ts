/** Offers training to the test: on the page's own thread, and in a worker of the page. */
import { createCpuBackend } from "../../../src/platform/web/cpu-backend.ts";
import { train } from "./training.ts";

Object.assign(globalThis, {
  describeOnPage: async () => {
    const backend = await createCpuBackend({ threads: 2 });
    await backend.close();
    return backend.description;
  },
  trainOnPage: async (threads: number) => train(await createCpuBackend({ threads })),
  trainInWorker: (threads: number) =>
    new Promise((resolve, reject) => {
      const worker = new Worker(new URL("./worker.ts", import.meta.url), { type: "module" });
      worker.addEventListener("message", (event) => resolve(event.data));
      worker.addEventListener("error", (event) => reject(new Error(event.message)));
      worker.postMessage(threads, { transfer: [] });
    }),
});
