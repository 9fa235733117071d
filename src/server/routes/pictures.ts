/** Pictures of image rows, and no larger than a thumbnail where they can be. */
import { basename } from "node:path";
import type { Hono } from "hono";
import { thumbnailSizes, thumbnailType } from "../../protocol/thumbnails.ts";
import { cache, plain } from "../answers.ts";
import type { Served } from "../application.ts";
import { pictureFinder, type PictureFile } from "../pictures.ts";
import { serveFile } from "../served-file.ts";
import { thumbnailSource } from "../thumbnails.ts";

const rowPattern = ":row{[0-9]{1,9}}";

export function addPictures(app: Hono, { folder }: Served): void {
  const findPicture = pictureFinder(folder);
  const thumbnails = thumbnailSource(folder);

  app.get(`/data/picture/${rowPattern}`, async (context) => {
    const found = await findPicture(Number(context.req.param("row")));
    return "missing" in found ? plain(404, found.missing) : sendFile(context.req.raw, found);
  });
  for (const size of thumbnailSizes) {
    app.get(`/data/thumbnail/${size}/${rowPattern}`, async (context) => {
      const row = Number(context.req.param("row"));
      const stored = await thumbnails.stored(row, size);
      if (stored !== null) return sendThumbnail(stored);
      const found = await findPicture(row);
      if ("missing" in found) return plain(404, found.missing);
      const made = await thumbnails.made(found, size);
      return made === null ? sendFile(context.req.raw, found) : sendThumbnail(made);
    });
  }
}

async function sendFile(request: Request, { path, type }: PictureFile): Promise<Response> {
  const served = await serveFile(request, path, cache.anHour, type);
  return served ?? plain(404, `cannot be read: ${basename(path)}`);
}

function sendThumbnail(file: Uint8Array): Response {
  const { type, gzip } = thumbnailType(file);
  return new Response(new Uint8Array(file), {
    headers: {
      "content-type": type,
      "cache-control": cache.anHour,
      ...(gzip && { "content-encoding": "gzip" }),
    },
  });
}
