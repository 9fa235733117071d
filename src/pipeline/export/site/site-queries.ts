/** Puts into a site what its page needs to answer questions. */
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { writeJson } from "../../../platform/node/files/write-file.ts";
import { siteLayout } from "../../../protocol/site-layout.ts";
import type { SiteManifest, SitePart } from "../../../protocol/site.ts";
import {
  siteQueriesSchemaVersion,
  type SiteBytes,
  type SiteQueries,
  type TowerFile,
} from "../../../protocol/site-queries.ts";
import { setLayout } from "../../../protocol/study-layout.ts";
import type { EmbeddingSet } from "../../embedding-set.ts";
import { pathInTowers, type PlannedQueries } from "./plan-queries.ts";
import { allowQueries } from "./queries-policy.ts";

/** Copies a file to a path of the site and says how many bytes it has. */
export type PutPart = (part: SitePart, from: string, path: string) => Promise<number>;

/** `working` is a folder for what is not part of the site. */
export async function putQueries(
  plan: PlannedQueries,
  set: EmbeddingSet,
  dictionaries: SiteQueries["dictionaries"],
  { put, working }: { readonly put: PutPart; readonly working: string },
): Promise<NonNullable<SiteManifest["queries"]>> {
  const { queries } = siteLayout;
  const putBytes = async (part: SitePart, from: string, path: string): Promise<SiteBytes> => ({
    path,
    bytes: await put(part, from, `${siteLayout.data}/${path}`),
  });

  await put("runtime", plan.runtime.module, `${siteLayout.data}/${queries.runtimeModule}`);
  const wasm = await putBytes("runtime", plan.runtime.wasm, queries.runtimeWasm);
  const files: Record<string, TowerFile> = {};
  for (const [name, file] of plan.files) {
    files[name] =
      "address" in file
        ? file
        : { from: "site", ...(await putBytes("towers", file.from, queries.tower(pathInTowers(name)))) };
  }
  const matrix = (name: string): Promise<number> =>
    put("embeddings", join(set.path, name), siteLayout.set(name));
  const embeddings = plan.nearest
    ? { image: await matrix(setLayout.images), text: await matrix(setLayout.texts) }
    : null;
  const description: SiteQueries = {
    schemaVersion: siteQueriesSchemaVersion,
    runtime: { version: plan.runtime.version, module: queries.runtimeModule, wasm },
    encoder: { description: plan.description, dtype: plan.dtype, files },
    dictionaries,
    embeddings,
  };
  const written = join(working, "queries.json");
  await writeJson(written, description);
  await put("towers", written, `${siteLayout.data}/${queries.description}`);
  return {
    model: plan.description.model,
    towers: plan.towers,
    nearest: plan.nearest,
    hubBytes: hubBytes(Object.values(files)),
  };
}

/** The application's page with the policy that answering needs, as a file in `working`. */
export async function pageForQueries(page: string, plan: PlannedQueries, working: string): Promise<string> {
  const path = join(working, "page.html");
  await writeFile(path, allowQueries(await readFile(page, "utf8"), plan.origins));
  return path;
}

function hubBytes(files: readonly TowerFile[]): number | null {
  const onHub = files.filter((file) => file.from === "hub");
  const sizes = onHub.flatMap(({ bytes }) => (bytes === null ? [] : [bytes]));
  return onHub.length === 0 || sizes.length < onHub.length ? null : sizes.reduce((a, b) => a + b, 0);
}
