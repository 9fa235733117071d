/**
 * What readers call concepts: `PUT /data/names/<dictionary>/<concept>` with `{"name": "…"}` as JSON,
 * an empty name to take it away. The one thing that the server writes.
 */
import type { Hono } from "hono";
import { ViaductError } from "../../base/errors.ts";
import { giveName } from "../../pipeline/given-names.ts";
import { summarizeStudy } from "../../pipeline/study-summary.ts";
import { longestName, tidyName } from "../../protocol/concept-name.ts";
import { plain, refusedBody } from "../answers.ts";
import type { Served } from "../application.ts";

/** Bytes: a name of the longest, each of its units written as an escape, and then some. */
const longestBody = 8 * longestName;

export function addNames(app: Hono, { folder }: Served): void {
  /** One after another: each reads the file, changes it and writes it. */
  let last: Promise<unknown> = Promise.resolve();

  app.put("/data/names/:dictionary/:concept{[0-9]{1,9}}", async (context) => {
    const { headers } = context.req.raw;
    // Browsers say where a write comes from; access.ts has held it against this server's own address.
    if (headers.get("origin") === null) return plain(403, "a write has to say its Origin");
    const name = await nameIn(context.req.raw);
    if (typeof name !== "string") return name;
    const concept = Number(context.req.param("concept"));
    const { dictionaries } = await summarizeStudy(folder);
    const dictionary = dictionaries.find((one) => one.name === context.req.param("dictionary"));
    if (dictionary === undefined || dictionary.concepts === null || concept >= dictionary.concepts) {
      return plain(404, "the study has no such concept");
    }
    const given = last.then(() => giveName(folder.root, dictionary.name, concept, name));
    last = given.catch(() => undefined);
    try {
      await given;
    } catch (error) {
      return plain(500, error instanceof ViaductError ? error.message : "the name could not be written");
    }
    return context.json({ name });
  });
}

async function nameIn(request: Request): Promise<string | Response> {
  const refused = refusedBody(request, longestBody, `a name has at most ${longestName} characters`);
  if (refused !== null) return refused;
  const body: unknown = await request.json().catch(() => null);
  const name = typeof body === "object" && body !== null && "name" in body ? body.name : null;
  if (typeof name !== "string") return plain(400, 'expected {"name": "…"}');
  const tidy = tidyName(name);
  return tidy.length > longestName ? plain(413, `a name has at most ${longestName} characters`) : tidy;
}
