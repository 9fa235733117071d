import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import sharp from "sharp";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { writeParquet } from "../formats/parquet.ts";
import { ThumbnailWriter } from "../pipeline/thumbnails/thumbnail-writer.ts";
import { startExplorer, type RunningExplorer } from "./explorer.ts";

let folder: string;
let explorer: RunningExplorer;
const drawing = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>';

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "viaduct-thumbnails-"));
  const make = async (path: string, content: string | Uint8Array) => {
    await mkdir(join(folder, path, ".."), { recursive: true });
    await writeFile(join(folder, path), content);
  };
  const rows = { dataHash: "abc", model: null, dimension: 4, imageRows: 4, textRows: 1, pairs: 1 };
  const set = { path: "../set", ...rows };
  await make("study/study.json", JSON.stringify({ schemaVersion: 1, kind: "study", name: "Test", set }));
  await make("app/index.html", "<!doctype html>");
  await make("set/manifest.json", JSON.stringify({ imageRoot: "../pictures" }));
  const file = ["large.png", "drawing.svg", "large.png", "gone.png"];
  await make(
    "set/image-items.parquet",
    writeParquet([
      { name: "row", type: "INT32", data: [...file.keys()] },
      { name: "file", type: "STRING", data: file },
    ]),
  );
  const noise = { type: "gaussian", mean: 128, sigma: 60 } as const;
  const picture = sharp({ create: { width: 600, height: 400, channels: 3, background: "#000", noise } });
  await make("pictures/large.png", await picture.png().toBuffer());
  await make("pictures/drawing.svg", drawing);
  explorer = await startExplorer({ study: join(folder, "study"), application: join(folder, "app") });
});

afterAll(async () => {
  await explorer.close();
  await rm(folder, { recursive: true });
});

const get = (path: string): Promise<Response> => fetch(new URL(`data/${path}`, explorer.url));

async function shown(path: string): Promise<[string | undefined, number]> {
  const { format, width } = await sharp(await (await get(path)).arrayBuffer()).metadata();
  return [format, width];
}

describe("thumbnails of a set that has none", () => {
  it("are made when they are asked for", async () => {
    expect(await shown("picture/0")).toEqual(["png", 600]);
    expect(await shown("thumbnail/small/0")).toEqual(["webp", 96]);
    expect(await shown("thumbnail/large/0")).toEqual(["webp", 320]);
  });

  it("are the picture itself where it is small or drawn, and say what is missing", async () => {
    const response = await get("thumbnail/small/1");
    expect([response.headers.get("content-type"), await response.text()]).toEqual(["image/svg+xml", drawing]);
    const gone = await get("thumbnail/large/3");
    expect([gone.status, await gone.text()]).toEqual([404, "not found: gone.png\n"]);
    for (const path of ["thumbnail/huge/0", "thumbnail/small/x", "thumbnail/small/-1"]) {
      expect((await get(path)).status).toBe(404);
    }
  });
});

describe("thumbnails of a set that has some", () => {
  it("are those of the set, compressed drawings among them, and made for the other rows", async () => {
    const writer = await ThumbnailWriter.open(join(folder, "set"));
    const { gzipSync } = await import("node:zlib");
    await writer.append({ width: 1, height: 1, small: new Uint8Array([1, 2, 3]), large: gzipSync(drawing) });
    await writer.finish();
    const small = await get("thumbnail/small/0");
    expect(small.headers.get("content-type")).toBe("image/webp");
    expect([...new Uint8Array(await small.arrayBuffer())]).toEqual([1, 2, 3]);
    const large = await get("thumbnail/large/0");
    expect([large.headers.get("content-type"), await large.text()]).toEqual(["image/svg+xml", drawing]);
    expect(large.headers.get("content-security-policy")).toContain("sandbox");
    expect(await shown("thumbnail/small/2")).toEqual(["webp", 96]);
  });
});
