/** Pictures of image rows: thumbnails where there are any, the files themselves otherwise. */
import { basename } from "node:path";
import type { Hono } from "hono";
import { thumbnailSizes } from "../../protocol/thumbnails.ts";
import { cache, plain } from "../answers.ts";
import type { Served } from "../application.ts";
import { pictureFinder } from "../pictures.ts";
import { serveFile } from "../served-file.ts";
import { thumbnailFinder } from "../thumbnails.ts";

const rowPattern = ":row{[0-9]{1,9}}";

export function addPictures(app: Hono, { folder }: Served): void {
  const findPicture = pictureFinder(folder);
  const findThumbnail = thumbnailFinder(folder);

  const picture = async (request: Request, row: number): Promise<Response> => {
    const found = await findPicture(row);
    if ("missing" in found) return plain(404, found.missing);
    const served = await serveFile(request, found.path, cache.anHour, found.type);
    return served ?? plain(404, `cannot be read: ${basename(found.path)}`);
  };

  app.get(`/data/picture/${rowPattern}`, (context) =>
    picture(context.req.raw, Number(context.req.param("row"))),
  );
  for (const size of thumbnailSizes) {
    app.get(`/data/thumbnail/${size}/${rowPattern}`, async (context) => {
      const row = Number(context.req.param("row"));
      const thumbnail = await findThumbnail(row, size);
      if (thumbnail === null) return picture(context.req.raw, row);
      return new Response(thumbnail, {
        headers: { "content-type": "image/webp", "cache-control": cache.anHour },
      });
    });
  }
}
