/** Entry of a worker thread: loads the BLAS it is told to, reports, and serves until the engine quits. */
import { parentPort, workerData } from "node:worker_threads";
import { serveKernels, type KernelThreadStart } from "../../kernels/cpu/kernel-thread.ts";
import { openBlas } from "./blas.ts";

const { start, blasPath } = workerData as { start: KernelThreadStart; blasPath: string | undefined };
const blas = blasPath === undefined ? undefined : (await openBlas(blasPath)).bind(start.memory);
parentPort?.postMessage("ready", []);
serveKernels(start, blas);
