/** Entry of a worker thread in a browser: reports that it is there and serves until the engine quits. */
import { serveKernels, type KernelThreadStart } from "../../kernels/cpu/kernel-thread.ts";

globalThis.addEventListener("message", (event: MessageEvent<KernelThreadStart>) => {
  globalThis.postMessage("ready", { transfer: [] });
  serveKernels(event.data, undefined);
  globalThis.close();
});
