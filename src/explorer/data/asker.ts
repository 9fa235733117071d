/** Asks the explorer's server about a text or a picture. */
import { ViaductError } from "../../base/errors.ts";
import type { Answer, Question } from "../../protocol/query.ts";
import type { Fetch } from "./http-source.ts";

export type Ask = (question: Question) => Promise<Answer>;

/** `base` as of `httpSource`. */
export function serverAnswers(base: string, fetch: Fetch): Ask {
  return async (question) => {
    const response = await fetch(`${base}query`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(question),
    }).catch((cause: unknown) => {
      throw new ViaductError("bad-input", "the explorer's server does not answer: is it still running?", {
        cause,
      });
    });
    if (response.ok) return (await response.json()) as Answer;
    const isText = response.headers.get("content-type")?.startsWith("text/plain") ?? false;
    throw new ViaductError(
      "bad-input",
      isText ? (await response.text()).trim() : `the question came back with status ${response.status}`,
    );
  };
}
