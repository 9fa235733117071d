/** Questions over HTTP, to an answerer that answers when it is told to. */
import { expect, it } from "vitest";
import { badInput } from "../base/errors.ts";
import type { ProgressReport } from "../base/progress.ts";
import type { Answerer } from "../pipeline/query/answerer.ts";
import type { Answer } from "../protocol/query.ts";
import { createApplication } from "./application.ts";
import { mostWaiting } from "./routes/query.ts";

const origin = "http://127.0.0.1:4000";
const answer: Answer = { text: null, image: null, explanation: null };

function serve(answerer: Partial<Answerer>) {
  const set = { path: "", dataHash: "", model: null, dimension: 1, imageRows: 0, textRows: 0, pairs: 0 };
  const app = createApplication({
    folder: { root: "", setRoot: "", manifest: { schemaVersion: 1, kind: "study", name: "", set } },
    builtApp: "",
    access: {
      port: () => 4000,
      hosts: new Set(["127.0.0.1"]),
      forwardedHosts: new Set(),
      token: null,
      frames: [],
    },
    answerer: { ask: async () => answer, doing: () => null, close: async () => {}, ...answerer },
  });
  const host = { host: "127.0.0.1:4000" };
  return {
    ask: async (sent: { body?: ReadableStream; signal?: AbortSignal } = {}): Promise<Response> => {
      const body = JSON.stringify({ dictionary: "one", text: "red" });
      const headers = {
        ...host,
        origin,
        "content-type": "application/json",
        "content-length": String(body.length),
      };
      return app.request(`${origin}/data/query`, {
        method: "POST",
        headers,
        body,
        ...sent,
        duplex: "half",
      } as RequestInit);
    },
    doing: async (): Promise<unknown> =>
      (await app.request(`${origin}/data/query`, { headers: host })).json(),
  };
}

it("says what the model's download has come to", async () => {
  let report: ProgressReport | null = null;
  const { doing } = serve({ doing: () => report });
  expect(await doing()).toBeNull();
  report = { stage: "download onnx/text_model.onnx", done: 12, total: 90, unit: "bytes" };
  expect(await doing()).toEqual(report);
});

it("gives the reason of what goes wrong: 422 where the question can be mended, else 500", async () => {
  let thrown: Error = badInput("the set names no model");
  const { ask } = serve({ ask: () => Promise.reject(thrown) });
  const refused = await ask();
  expect([refused.status, await refused.text()]).toEqual([422, "the set names no model\n"]);
  thrown = new Error("Non-zero status code returned\n while running MatMul");
  const failed = await ask();
  expect([failed.status, await failed.text()]).toEqual([
    500,
    "the question could not be answered: Non-zero status code returned while running MatMul\n",
  ]);
});

it("lets so many questions wait and no more, until there is room again", async () => {
  const waiting: ((answer: Answer) => void)[] = [];
  const { ask } = serve({ ask: () => new Promise((answered) => waiting.push(answered)) });
  const asked = Array.from({ length: mostWaiting + 1 }, () => ask());
  await expect.poll(() => waiting.length, { timeout: 20_000 }).toBe(mostWaiting + 1);
  const turnedAway = await ask();
  expect([turnedAway.status, await turnedAway.text()]).toEqual([
    503,
    "8 questions are waiting to be answered; ask again in a moment\n",
  ]);
  for (const give of waiting) give(answer);
  for (const response of await Promise.all(asked)) expect(response.status).toBe(200);
  const later = ask();
  await expect.poll(() => waiting.length, { timeout: 20_000 }).toBe(mostWaiting + 2);
  waiting.at(-1)(answer);
  expect((await later).status).toBe(200);
});

it("keeps no place for a body that does not come, nor for who went away", async () => {
  const waiting: ((answer: Answer) => void)[] = [];
  const { ask } = serve({ ask: () => new Promise((answered) => waiting.push(answered)) });
  const stalled = Array.from({ length: mostWaiting + 1 }, () => ask({ body: new ReadableStream() }));
  const gone = new AbortController();
  const asked = Array.from({ length: mostWaiting + 1 }, () => ask({ signal: gone.signal }));
  await expect.poll(() => waiting.length, { timeout: 20_000 }).toBe(mostWaiting + 1);
  expect((await ask()).status).toBe(503);
  gone.abort();
  const later = ask();
  await expect.poll(() => waiting.length, { timeout: 20_000 }).toBe(mostWaiting + 2);
  for (const give of waiting) give(answer);
  expect((await later).status).toBe(200);
  await Promise.allSettled(asked);
  expect(stalled).toHaveLength(mostWaiting + 1);
});
