import { expect, it } from "vitest";
import type { ProgressReport } from "../../base/progress.ts";
import type { Answer } from "../../protocol/query.ts";
import { serverAnswers } from "./asker.ts";

const answer: Answer = { text: null, image: null, explanation: null };
const question = { dictionary: "one", text: "red" };
const report = (done: number): ProgressReport => ({ stage: "download x", done, total: 9, unit: "bytes" });

it("tells what the server fetches while the answer is on its way", async () => {
  const fetching = [null, report(3), report(6)];
  let give: (response: Response) => void;
  const told: ProgressReport[] = [];
  const ask = serverAnswers(
    "data/",
    async (address, init) => {
      expect(address).toBe("data/query");
      if (init?.method === "POST") return new Promise((resolve) => (give = resolve));
      return Response.json(fetching.shift() ?? null);
    },
    async () => {
      if (fetching.length === 0) give(Response.json(answer));
      await new Promise((resolve) => setTimeout(resolve, 0));
    },
  );
  expect(await ask(question, (one) => told.push(one))).toEqual(answer);
  expect(told).toEqual([report(3), report(6)]);
});

it("gives the server's reason, and says so where there is no server", async () => {
  const asked = (response: () => Response): Promise<Answer> =>
    serverAnswers(
      "data/",
      async () => response(),
      () => new Promise(() => {}),
    )(question, () => {});
  const busy = (): Response =>
    new Response("8 questions are waiting\n", { status: 503, headers: { "content-type": "text/plain" } });
  await expect(asked(busy)).rejects.toThrow(/^8 questions are waiting$/);
  await expect(
    asked(() => new Response("<html>", { status: 502, headers: { "content-type": "text/html" } })),
  ).rejects.toThrow("with status 502");
  await expect(
    asked(() => {
      throw new TypeError("failed to fetch");
    }),
  ).rejects.toThrow("is it still running?");
});
