/** Questions as the explorer asks them, about a study whose set names no model. */
import { beforeAll, expect, it, vi } from "vitest";
import { presetNamed } from "../../src/encoders/presets/registry.ts";
import { createReferenceBackend } from "../../src/kernels/reference/backend.ts";
import { importEmbeddings } from "../../src/pipeline/import.ts";
import { createAnswerer } from "../../src/pipeline/query/answerer.ts";
import { queryStudy } from "../../src/pipeline/query/query.ts";
import { trainStudy } from "../../src/pipeline/train.ts";
import { HubServer } from "../../src/platform/node/hub/testing/hub-server.ts";
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

it("says what of the model is being downloaded, and downloads nothing where it must not", async () => {
  const model = "clip-b32";
  const { repository, revision } = presetNamed(model)!.hub!;
  const hub = new HubServer(repository, revision);
  const networks = ["onnx/vision_model.onnx", "onnx/text_model.onnx"];
  for (const path of networks) hub.add(path, new Uint8Array(1 << 20), true);
  for (const path of ["tokenizer.json", "tokenizer_config.json"]) hub.add(path, "no tokenizer");
  await hub.start();
  await importEmbeddings({ images: [at("images.npy")], texts: [at("texts.npy")], model, out: at("named") });
  const options = { concepts: 16, k: 2, epochs: 1, batch: 64 };
  const run = { set: at("named"), study: at("of-the-hub"), learner: "batch-topk", options, name: "one" };
  await trainStudy(run, { backend, now: () => 0 });
  const environment = { HF_ENDPOINT: hub.endpoint, HF_HUB_CACHE: at("cache") };
  const question = { dictionary: "one", text: "red" };
  try {
    const forbidden = createAnswerer(at("of-the-hub"), { environment, offline: true });
    await expect(forbidden.ask(question)).rejects.toThrow(/requests to the hub are turned off/);
    await forbidden.close();
    expect(hub.seen).toEqual([]);
    const answerer = createAnswerer(at("of-the-hub"), { environment });
    // Half of the first network comes; the connection breaks, and the download goes on by itself.
    hub.breaks.push(1 << 19);
    const asked = answerer.ask(question);
    asked.catch(() => {});
    const doing = await vi.waitUntil(() => answerer.doing(), { interval: 2, timeout: 20_000 });
    expect(doing.unit).toBe("bytes");
    expect(doing.total).toBeGreaterThan(2 << 20);
    await expect(asked).rejects.toThrow(/tokenizer\.json is no tokenizer/);
    expect(answerer.doing()).toBeNull();
    await answerer.close();
  } finally {
    await hub.stop();
  }
});

it("passes over a question that nobody waits for any more", async () => {
  const answerer = createAnswerer(at("study"));
  const gone = new AbortController();
  const row = { dictionary: "one", image: { row: 1 } };
  const asked = [answerer.ask(row), answerer.ask(row, gone.signal), answerer.ask(row)];
  gone.abort(new Error("went away"));
  const [first, second, third] = await Promise.allSettled(asked);
  expect(second).toMatchObject({ status: "rejected", reason: gone.signal.reason as Error });
  expect(third).toEqual(first);
  await answerer.close();
});

it("answers nothing more once it is closed", async () => {
  const answerer = createAnswerer(at("study"));
  const waiting = [1, 2].map((row) => answerer.ask({ dictionary: "one", image: { row } }));
  const outcomes = Promise.allSettled(waiting);
  await answerer.close();
  expect((await outcomes)[1]).toMatchObject({ status: "rejected", reason: { code: "cancelled" } });
  await expect(answerer.ask({ dictionary: "one", image: { row: 1 } })).rejects.toThrow("closed");
});
