/**
 * What `viaduct explore` answers:
 *
 * | address | content |
 * |---|---|
 * | `/`, `/assets/*` | the built application |
 * | `/data/summary.json` | the study in one document (protocol/study-summary.ts) |
 * | `/data/study/*` | files of the study folder |
 * | `/data/set/*` | files of its embedding set |
 * | `/data/picture/<row>` | the picture of an image row |
 *
 * A static export has the same tree, so the application never knows which one it talks to.
 */
import { basename, join } from "node:path";
import { Hono } from "hono";
import { refusal, secure } from "./guards.ts";
import { fileInside } from "./inside.ts";
import { pictureFinder } from "./pictures.ts";
import { serveFile } from "./served-file.ts";
import { summarizeStudy, type StudyFolder } from "./study-folder.ts";

/** Published files never change in place, but a folder can be analysed anew: ask, and get a 304. */
const revalidate = "private, no-cache";
/** Names under /assets carry a hash of the content. */
const immutable = "public, max-age=31536000, immutable";
/** A picture's address carries the hash of the set. */
const anHour = "private, max-age=3600";

export function createApplication(folder: StudyFolder, builtApp: string, port: () => number): Hono {
  const app = new Hono();
  const findPicture = pictureFinder(folder);

  app.use(async (context, next) => {
    const reason = refusal(context.req.raw.headers, port());
    if (reason !== null) {
      context.res = secure(plain(403, reason), "content");
      return;
    }
    await next();
    const page = !context.req.path.startsWith("/data/");
    context.res = secure(new Response(context.res.body, context.res), page ? "application" : "content");
  });

  app.get("/data/summary.json", async (context) => {
    context.header("cache-control", "no-store");
    return context.json(await summarizeStudy(folder));
  });
  app.get("/data/study/*", (context) =>
    serveInside(context.req.raw, folder.root, "/data/study/", revalidate),
  );
  app.get("/data/set/*", (context) => serveInside(context.req.raw, folder.setRoot, "/data/set/", revalidate));
  app.get("/data/picture/:row{[0-9]{1,9}}", async (context) => {
    const picture = await findPicture(Number(context.req.param("row")));
    if ("missing" in picture) return plain(404, picture.missing);
    const { path, type } = picture;
    const served = await serveFile(context.req.raw, path, anHour, type);
    return served ?? plain(404, `cannot be read: ${basename(path)}`);
  });
  app.get("/assets/*", (context) =>
    serveInside(context.req.raw, join(builtApp, "assets"), "/assets/", immutable),
  );
  app.get("/", async (context) => {
    const page = await serveFile(context.req.raw, join(builtApp, "index.html"), revalidate);
    return page ?? plain(404, "the explorer is not built");
  });
  app.notFound(() => plain(404, "there is nothing at this address"));
  app.onError(() => plain(500, "the server failed to answer"));
  return app;
}

async function serveInside(request: Request, root: string, prefix: string, cache: string): Promise<Response> {
  const path = decodedPath(new URL(request.url).pathname.slice(prefix.length));
  const file = path === null ? null : await fileInside(root, path);
  const response = file === null ? null : await serveFile(request, file, cache);
  return response ?? plain(404, "there is no such file in the study");
}

function decodedPath(path: string): string | null {
  try {
    return decodeURIComponent(path);
  } catch {
    return null;
  }
}

function plain(status: number, line: string): Response {
  return new Response(`${line}\n`, {
    status,
    headers: { "content-type": "text/plain; charset=utf-8", "cache-control": "no-store" },
  });
}
