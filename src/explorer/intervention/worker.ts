/** The worker thread that computes interventions: one engine, one answer for every message, in their order. */
import { eachCosineRow } from "../../metrics/atom-cosines.ts";
import { createCpuBackend } from "../../platform/web/cpu-backend.ts";
import { workerThreads } from "../worker-threads.ts";
import { InterventionEngine } from "./engine.ts";
import type { Answers, Asked, Reply } from "./messages.ts";
import { plainProducts } from "./plain-products.ts";
import type { EachProduct } from "./product-store.ts";

let engine: InterventionEngine | null = null;

async function answer(asked: Asked): Promise<Answers[keyof Answers]> {
  if (asked.kind === "open") {
    const { each, words } = await products();
    engine = await InterventionEngine.open(asked.data, each);
    const concepts = asked.data.atoms.length / asked.data.dimension;
    return { engine: words, before: await engine.apply(new Float32Array(concepts).fill(1)) };
  }
  if (engine === null) throw new Error("nothing was opened");
  switch (asked.kind) {
    case "embeddings":
      return engine.addEmbeddings(asked.embeddings);
    case "apply":
      return engine.apply(asked.scales);
    case "nearest": {
      const { side, row, codes, among, most } = asked.question;
      return engine.nearest(side, row, codes, among, most);
    }
  }
}

async function products(): Promise<{ each: EachProduct; words: string }> {
  const threads = workerThreads();
  try {
    const backend = await createCpuBackend({ threads });
    return {
      each: (a, b, dimension, visit) => eachCosineRow(backend, a, b, dimension, visit),
      words: `WebAssembly, ${threads === 1 ? "1 thread" : `${threads} threads`}`,
    };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return { each: plainProducts, words: `plain JavaScript, which is slower (${reason})` };
  }
}

let last: Promise<void> = Promise.resolve();
globalThis.addEventListener("message", ({ data }: MessageEvent<Asked>) => {
  last = last.then(async () => {
    const reply: Reply = await answer(data).then(
      (value) => ({ answer: value }),
      (error: unknown) => ({ problem: error instanceof Error ? error.message : String(error) }),
    );
    globalThis.postMessage(reply, { transfer: [] });
  });
});
