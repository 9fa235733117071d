/**
 * What `viaduct explore` answers, a file for each group of routes:
 *
 * | address | content | routes/ |
 * |---|---|---|
 * | `/`, `/embed.html`, `/assets/*` | the built application, and its page for one concept | application-pages.ts |
 * | `/data/summary.json` | the study in one document (protocol/study-summary.ts) | study-files.ts |
 * | `/data/study/*` | files of the study folder | study-files.ts |
 * | `/data/set/*` | files of its embedding set | study-files.ts |
 * | `/data/picture/<row>` | the picture of an image row | pictures.ts |
 * | `/data/names/<dictionary>/<concept>` | `PUT` keeps what readers call a concept | names.ts |
 * | `/data/query` | `POST` asks about a text or a picture; `GET` says what is fetched for the answer | query.ts |
 * | `/data/thumbnail/<size>/<row>` | the same, no larger than that size where there are thumbnails | pictures.ts |
 *
 * A static export has the same tree of files, so the application never knows which one it talks to.
 */
import { Hono } from "hono";
import { refusal, tokenCookie, tokenInAddress, type Access } from "./access.ts";
import { plain } from "./answers.ts";
import { secure } from "./headers.ts";
import { addApplicationPages } from "./routes/application-pages.ts";
import { addNames } from "./routes/names.ts";
import { addPictures } from "./routes/pictures.ts";
import { addQueries } from "./routes/query.ts";
import { addStudyFiles } from "./routes/study-files.ts";
import type { Answerer } from "../pipeline/query/answerer.ts";
import type { StudyFolder } from "../pipeline/study-summary.ts";

export interface Served {
  readonly folder: StudyFolder;
  /** Folder of the built application. */
  readonly builtApp: string;
  readonly access: Access;
  readonly answerer: Answerer;
}

export function createApplication(served: Served): Hono {
  const { access } = served;
  const app = new Hono();
  app.use(async (context, next) => {
    const refused = refusal(context.req.raw, access);
    if (refused === null) await next();
    else context.res = plain(refused.status, refused.reason);
    const response = secure(new Response(context.res.body, context.res), context.req.path, access);
    if (refused === null && access.token !== null && tokenInAddress(context.req.raw) !== null) {
      response.headers.append("set-cookie", tokenCookie(access.token, access.port()));
    }
    context.res = response;
  });
  for (const add of [addApplicationPages, addStudyFiles, addPictures, addNames, addQueries]) add(app, served);
  app.notFound(() => plain(404, "there is nothing at this address"));
  app.onError(() => plain(500, "the server failed to answer"));
  return app;
}
