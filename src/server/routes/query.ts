/**
 * Questions about a text or a picture: `POST /data/query` with a question as JSON (protocol/query.ts).
 * What the set does not hold is embedded here, by the model that made the set; `GET` says what of it is
 * being fetched meanwhile, as a report of progress, or null.
 */
import { addAbortListener } from "node:events";
import type { Hono } from "hono";
import { ViaductError } from "../../base/errors.ts";
import { question } from "../../protocol/query.ts";
import { cache, plain, refusedBody } from "../answers.ts";
import type { Served } from "../application.ts";

/** Bytes of a picture in base64, and the rest. */
const longestBody = 48 * 2 ** 20;
/** Questions that wait while one is answered: each may hold a picture in memory. */
export const mostWaiting = 8;

export function addQueries(app: Hono, { answerer }: Served): void {
  let open = 0;

  app.get("/data/query", (context) => {
    context.header("cache-control", cache.never);
    return context.json(answerer.doing());
  });
  app.post("/data/query", async (context) => {
    const { headers } = context.req.raw;
    // Access.ts has held the Origin against this server's own address.
    if (headers.get("origin") === null) return plain(403, "a question has to say its Origin");
    const refused = refusedBody(
      context.req.raw,
      longestBody,
      "the picture is larger than 36 MB; send a smaller one",
    );
    if (refused !== null) return refused;
    if (open > mostWaiting) return full();
    const asked = question.safeParse(await context.req.raw.json().catch(() => null));
    if (!asked.success) return plain(400, 'expected {"dictionary": "…", "text": "…"} or a picture');
    // A body that is slow to come takes no place, and whoever goes away gives theirs back.
    if (open > mostWaiting) return full();
    const { signal } = context.req.raw;
    let place = 1;
    const leave = (): void => {
      open -= place;
      place = 0;
    };
    open++;
    addAbortListener(signal, leave);
    try {
      return context.json(await answerer.ask(asked.data, signal));
    } catch (error) {
      if (error instanceof ViaductError) return plain(422, error.message);
      return plain(500, `the question could not be answered: ${oneLine(error)}`);
    } finally {
      leave();
    }
  });
}

function full(): Response {
  return plain(503, `${mostWaiting} questions are waiting to be answered; ask again in a moment`);
}

function oneLine(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).replaceAll(/\s+/g, " ").trim();
}
