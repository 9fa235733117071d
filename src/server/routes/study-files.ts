/** The study's summary, and files of the study and of its embedding set. */
import type { Hono } from "hono";
import { cache, serveInside } from "../answers.ts";
import type { Served } from "../application.ts";
import type { StudySummary } from "../../protocol/study-summary.ts";
import { summarizeStudy } from "../../pipeline/study-summary.ts";

export function addStudyFiles(app: Hono, { folder }: Served): void {
  app.get("/data/summary.json", async (context) => {
    context.header("cache-control", cache.never);
    const ours = { keepsNames: true, questionsAnsweredBy: "server" } satisfies Partial<StudySummary>;
    return context.json({ ...(await summarizeStudy(folder)), ...ours });
  });
  app.get("/data/study/*", (context) =>
    serveInside(context.req.raw, folder.root, "/data/study/", cache.revalidate),
  );
  app.get("/data/set/*", (context) =>
    serveInside(context.req.raw, folder.setRoot, "/data/set/", cache.revalidate),
  );
}
