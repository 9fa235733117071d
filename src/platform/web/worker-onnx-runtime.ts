/** ONNX Runtime in a worker of the page: a large network takes seconds, in which the page answers. */
import { ViaductError } from "../../base/errors.ts";
import type { OnnxRuntime } from "../../encoders/onnx-runtime.ts";
import type { OnnxReply, OnnxRequest, OnnxResults, OnnxTask } from "./onnx-worker-messages.ts";

export interface WorkerOnnxOptions {
  /** Absolute address of onnxruntime-web's module ("ort.wasm.bundle.min.mjs"). */
  readonly module: string;
  /** Its WebAssembly; handed over, and empty here afterwards, as networks given as bytes are. */
  readonly wasm: Uint8Array;
}

/** Throws `missing-part` where the page cannot have the worker. */
export async function createWorkerOnnxRuntime({ module, wasm }: WorkerOnnxOptions): Promise<OnnxRuntime> {
  const perform = startWorker();
  const description = await perform({ does: "start", module, wasm }, [wasm.buffer]);
  return {
    description: `${description}, in a worker`,
    async open(model) {
      const handed = typeof model === "string" ? [] : [model.buffer];
      const { session, ...names } = await perform({ does: "open", model }, handed);
      return {
        ...names,
        run: (feeds, output) => perform({ does: "run", session, feeds, output }),
        close: async () => {
          await perform({ does: "close", session });
        },
      };
    },
  };
}

type Perform = <T extends OnnxTask>(
  task: T,
  handed?: readonly ArrayBufferLike[],
) => Promise<OnnxResults[T["does"]]>;

function startWorker(): Perform {
  const worker = new Worker(new URL("./onnx-worker.ts", import.meta.url), { type: "module" });
  const waiting = new Map<number, { done: (result: unknown) => void; fail: (error: Error) => void }>();
  worker.addEventListener("message", ({ data }: MessageEvent<OnnxReply>) => {
    const asked = waiting.get(data.id);
    waiting.delete(data.id);
    if ("result" in data) asked?.done(data.result);
    else
      asked?.fail(data.code === null ? new Error(data.problem) : new ViaductError(data.code, data.problem));
  });
  let broken: ViaductError | null = null;
  const breakDown = (why: string): void => {
    broken = new ViaductError(
      "missing-part",
      `the page's worker for networks does not run${why}; reload the page`,
    );
    worker.terminate();
    for (const { fail } of waiting.values()) fail(broken);
    waiting.clear();
  };
  worker.addEventListener("error", ({ message }) => breakDown(message ? `: ${message}` : ""));
  worker.addEventListener("messageerror", () => breakDown(": its answer cannot be read"));
  let next = 0;
  return (task, handed = []) =>
    new Promise<never>((resolve, reject) => {
      if (broken !== null) throw broken;
      const id = next++;
      waiting.set(id, { done: resolve as (result: unknown) => void, fail: reject });
      worker.postMessage({ id, task } satisfies OnnxRequest, { transfer: [...handed] as ArrayBuffer[] });
    });
}
