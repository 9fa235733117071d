/** The built application: its pages and their assets. */
import { join } from "node:path";
import type { Hono } from "hono";
import { cache, plain, serveInside } from "../answers.ts";
import type { Served } from "../application.ts";
import { serveFile } from "../served-file.ts";

const pages = { "/": "index.html", "/embed.html": "embed.html" } as const;

export function addApplicationPages(app: Hono, { builtApp }: Served): void {
  for (const [address, file] of Object.entries(pages)) {
    app.get(address, async (context) => {
      const page = await serveFile(context.req.raw, join(builtApp, file), cache.revalidate);
      return page ?? plain(404, "the explorer is not built");
    });
  }
  app.get("/assets/*", (context) =>
    serveInside(context.req.raw, join(builtApp, "assets"), "/assets/", cache.immutable),
  );
}
