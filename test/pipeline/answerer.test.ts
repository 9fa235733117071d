/** Questions as the explorer asks them, about a study whose set names no model. */
import { beforeAll, expect, it } from "vitest";
import { createReferenceBackend } from "../../src/kernels/reference/backend.ts";
import { importEmbeddings } from "../../src/pipeline/import.ts";
import { createAnswerer } from "../../src/pipeline/query/answerer.ts";
import { queryStudy } from "../../src/pipeline/query/query.ts";
import { trainStudy } from "../../src/pipeline/train.ts";
import { writeSmallEmbeddings } from "../cli/small-embeddings.ts";
import { scratch } from "./folders.ts";

const at = scratch();
const backend = createReferenceBackend();

beforeAll(async () => {
  await writeSmallEmbeddings(at());
  await importEmbeddings({
    images: [at("images.npy")],
    texts: [at("texts.npy")],
    textItems: at("texts.csv"),
    pairs: at("pairs.csv"),
    out: at("set"),
  });
  const options = { concepts: 16, k: 2, epochs: 1, batch: 64 };
  const run = { set: at("set"), study: at("study"), learner: "batch-topk", options, name: "one" };
  await trainStudy(run, { backend, now: () => 0 });
});

it("takes a typed number for words and a picture's row for a row, and explains both together", async () => {
  const answerer = createAnswerer(at("study"));
  try {
    await expect(answerer.ask({ dictionary: "one", text: "7" })).rejects.toThrow("names no model");
    const row = await answerer.ask({ dictionary: "one", image: { row: 7 } });
    const encoder = (): Promise<never> => Promise.reject(new Error("an encoder was asked for"));
    const same = await queryStudy(
      { study: at("study"), dictionary: "one", image: "7" },
      { backend, encoder },
    );
    expect(row).toEqual({ text: null, image: same, explanation: null });
    const both = await answerer.ask({ dictionary: "one", text: "scene 3", image: { row: 3 } });
    expect(both.text?.query).toEqual({ modality: "text", words: "scene 3", row: 3 });
    const { similarity = NaN, shared = NaN, bridges = NaN, remainder = NaN } = both.explanation ?? {};
    expect(shared + bridges + remainder).toBeCloseTo(similarity, 6);
  } finally {
    await answerer.close();
  }
});

it("answers nothing more once it is closed", async () => {
  const answerer = createAnswerer(at("study"));
  const waiting = [1, 2].map((row) => answerer.ask({ dictionary: "one", image: { row } }));
  const outcomes = Promise.allSettled(waiting);
  await answerer.close();
  expect((await outcomes)[1]).toMatchObject({ status: "rejected", reason: { code: "cancelled" } });
  await expect(answerer.ask({ dictionary: "one", image: { row: 1 } })).rejects.toThrow("closed");
});
