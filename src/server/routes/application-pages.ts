/** The built application: its pages and their assets. */
import { join } from "node:path";
import type { Hono } from "hono";
import { cache, plain, serveInside, type ServeFile } from "../answers.ts";
import type { Served } from "../application.ts";
import { CompressedFiles } from "../compressed.ts";
import { serveFile } from "../served-file.ts";

const pages = { "/": "index.html", "/embed.html": "embed.html" } as const;

export function addApplicationPages(app: Hono, { builtApp }: Served): void {
  const compressed = new CompressedFiles();
  const serve: ServeFile = async (request, path, cacheControl) =>
    (await compressed.serve(request, path, cacheControl)) ?? serveFile(request, path, cacheControl);
  for (const [address, file] of Object.entries(pages)) {
    app.get(address, async (context) => {
      const page = await serve(context.req.raw, join(builtApp, file), cache.revalidate);
      return page ?? plain(404, "the explorer is not built");
    });
  }
  app.get("/assets/*", (context) =>
    serveInside(context.req.raw, join(builtApp, "assets"), "/assets/", cache.immutable, serve),
  );
}
