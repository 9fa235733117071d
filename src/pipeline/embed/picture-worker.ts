/** Entry of a worker thread that prepares pictures; it works on two at a time, as reading and decoding wait. */
import { parentPort, workerData } from "node:worker_threads";
import {
  createFilePreparation,
  type PicturePlace,
  type PictureResult,
  type PreparationOptions,
} from "./prepare-picture.ts";

export interface PictureJob extends PicturePlace {
  readonly id: number;
}

export type PictureAnswer = { readonly id: number } & PictureResult;

const lanes = 2;

const port = parentPort;
if (port === null) throw new Error("this file runs in a worker thread");
const prepare = createFilePreparation(workerData as PreparationOptions);
const waiting: PictureJob[] = [];
let busy = 0;

async function work(): Promise<void> {
  busy++;
  for (let job = waiting.shift(); job !== undefined; job = waiting.shift()) {
    const result = await (await prepare)(job);
    const answer: PictureAnswer = { id: job.id, ...result };
    if ("problem" in result) port?.postMessage(answer, []);
    else port?.postMessage(answer, [result.input.buffer]);
  }
  busy--;
}

port.on("message", (job: PictureJob) => {
  waiting.push(job);
  if (busy < lanes) void work();
});
