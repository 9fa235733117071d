/** Entry of a worker that runs networks, so that the page stays responsive: opens them and runs them one after the other. */
import { ViaductError } from "../../base/errors.ts";
import type { OnnxRuntime, OnnxSession } from "../../encoders/onnx-runtime.ts";
import { createWebOnnxRuntime, type WebOnnxOptions } from "./onnx-runtime.ts";
import type { OnnxReply, OnnxRequest, OnnxResults, OnnxTask } from "./onnx-worker-messages.ts";

let runtime: OnnxRuntime;
const sessions: (OnnxSession | undefined)[] = [];
let last: Promise<unknown> = Promise.resolve();

async function perform(task: OnnxTask): Promise<OnnxResults[keyof OnnxResults]> {
  switch (task.does) {
    case "start": {
      const { module, wasm } = task;
      const load: WebOnnxOptions["load"] = () => import(/* @vite-ignore */ module);
      runtime = await createWebOnnxRuntime({ load, wasm });
      return runtime.description;
    }
    case "open": {
      const opened = await runtime.open(task.model);
      const { inputNames, outputNames } = opened;
      return {
        session: sessions.push(opened) - 1,
        inputNames: [...inputNames],
        outputNames: [...outputNames],
      };
    }
    case "run":
      return sessions[task.session]!.run(task.feeds, task.output);
    case "close":
      await sessions[task.session]?.close();
      sessions[task.session] = undefined;
      return null;
  }
}

async function reply({ id, task }: OnnxRequest): Promise<OnnxReply> {
  try {
    return { id, result: await perform(task) };
  } catch (error) {
    const problem = error instanceof Error ? error.message : String(error);
    return { id, problem, code: error instanceof ViaductError ? error.code : null };
  }
}

/** A result that cannot be sent is a problem as well. */
function send(answer: OnnxReply): void {
  try {
    globalThis.postMessage(answer, { transfer: [] });
  } catch (error) {
    const problem = `what the network gave cannot be handed over: ${String(error)}`;
    globalThis.postMessage({ id: answer.id, problem, code: null } satisfies OnnxReply, { transfer: [] });
  }
}

globalThis.addEventListener("message", ({ data }: MessageEvent<OnnxRequest>) => {
  last = last.then(async () => send(await reply(data)));
});
