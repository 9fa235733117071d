/** Asks about a text or a picture whoever can answer. */
import { ViaductError } from "../../base/errors.ts";
import type { Progress, ProgressReport } from "../../base/progress.ts";
import type { Answer, Question } from "../../protocol/query.ts";
import type { Fetch } from "./http-source.ts";

/** `tell` hears what is fetched for the answer, in bytes. */
export type Ask = (question: Question, tell: Progress) => Promise<Answer>;

/** Milliseconds between two looks at what the server fetches. */
const rest = 500;

/** The explorer's server; `base` as of `httpSource`. */
export function serverAnswers(
  base: string,
  fetch: Fetch,
  pause: (milliseconds: number) => Promise<void>,
): Ask {
  const address = `${base}query`;

  async function answerTo(question: Question): Promise<Answer> {
    const response = await fetch(address, {
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
  }

  async function fetched(): Promise<ProgressReport | null> {
    const response = await fetch(address).catch(() => null);
    return response?.ok === true ? ((await response.json()) as ProgressReport | null) : null;
  }

  return async (question, tell) => {
    let answered = false;
    const answer = answerTo(question).finally(() => (answered = true));
    const watch = async (): Promise<void> => {
      for (;;) {
        await pause(rest);
        if (answered) return;
        const report = await fetched().catch(() => null);
        if (report !== null && !answered) tell(report);
      }
    };
    void watch();
    return answer;
  };
}
