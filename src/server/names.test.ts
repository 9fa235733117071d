/** Names that readers give to concepts: kept in the study, by whoever may. */
import { mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startExplorer, type RunningExplorer } from "./explorer.ts";

let folder: string;
let explorer: RunningExplorer;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "viaduct-names-"));
  const make = async (path: string, content: string) => {
    await mkdir(join(folder, path, ".."), { recursive: true });
    await writeFile(join(folder, path), content);
  };
  const rows = { dataHash: "abc", model: "m", dimension: 4, imageRows: 7, textRows: 2, pairs: 2 };
  const set = { path: "../set", ...rows };
  await make("study/study.json", JSON.stringify({ schemaVersion: 1, kind: "study", name: "Test", set }));
  await make("study/dictionaries/one/manifest.json", "{}");
  await make("study/dictionaries/one/run.json", JSON.stringify({ learner: "topk", metrics: {} }));
  await make("study/dictionaries/one/cfg.json", JSON.stringify({ d_sae: 8 }));
  await make("study/dictionaries/unfinished/run.json", "{}");
  await make("secret.txt", "secret");
  await make("app/index.html", "<!doctype html><title>app</title>");
  explorer = await startExplorer({ study: join(folder, "study"), application: join(folder, "app") });
});

afterAll(async () => {
  await explorer.close();
  await rm(folder, { recursive: true });
});

const get = (path: string) => fetch(new URL(path, explorer.url));

describe("names of concepts", () => {
  const put = (path: string, body: string, headers: Record<string, string> = {}) =>
    fetch(`${explorer.url}data/names/${path}`, {
      method: "PUT",
      body,
      headers: {
        origin: explorer.url.slice(0, -1),
        "content-type": "application/json",
        ...headers,
      },
    });
  const given = async (): Promise<unknown> => (await get("data/study/names/one.json")).json();
  const named = (name: unknown): string => JSON.stringify({ name });

  it("are kept in the study, one by one, and told of in the summary", async () => {
    const summary = async (): Promise<unknown> => (await get("data/summary.json")).json();
    expect(await summary()).toMatchObject({ keepsNames: true, dictionaries: [{ renamed: false }] });
    const hostile = '<script>alert("1")</script> \u202e';
    const answers = await Promise.all([
      put("one/0", named("red\ncar ")),
      put("one/3", named(hostile)),
      put("one/2", named("boat")),
    ]);
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
    expect(await given()).toMatchObject({
      kind: "concept-names",
      dictionary: "one",
      names: { "0": "red car", "2": "boat", "3": hostile.trim() },
    });
    expect((await put("one/2", named(""))).status).toBe(200);
    expect(Object.keys(((await given()) as { names: object }).names)).toEqual(["0", "3"]);
    expect(await summary()).toMatchObject({ dictionaries: [{ renamed: true }] });
  });

  it("are all kept when two explorers of one study write at once", async () => {
    const second = await startExplorer({ study: join(folder, "study"), application: join(folder, "app") });
    const putTo = (url: string, concept: number, name: string) =>
      fetch(`${url}data/names/one/${concept}`, {
        method: "PUT",
        body: named(name),
        headers: { origin: url.slice(0, -1), "content-type": "application/json" },
      });
    const names = ["a", "b", "c", "d"];
    const answers = await Promise.all(
      names.map((name, j) => putTo(j % 2 === 0 ? explorer.url : second.url, j, name)),
    );
    expect(answers.map(({ status }) => status)).toEqual(names.map(() => 200));
    expect(await given()).toMatchObject({ names: Object.fromEntries(names.entries()) });
    await Promise.all(names.map((_, j) => putTo(second.url, j, "")));
    await second.close();
    expect(((await given()) as { names: object }).names).toEqual({});
  });

  it("are refused from elsewhere, of another type, too long, or for what is not there", async () => {
    const before = await given();
    const refused = await Promise.all([
      put("one/1", named("x"), { origin: "http://evil.example" }),
      put("one/1", named("x"), { "content-type": "text/plain" }),
      put("one/1", named("x".repeat(201))),
      put("one/1", named("x".repeat(5000))),
      put("one/1", named(7)),
      put("one/1", "no JSON"),
      put("one/8", named("x")),
      put("two/1", named("x")),
      put("unfinished/1", named("x")),
      put("..%2f..%2fsecret/1", named("x")),
    ]);
    expect(refused.map(({ status }) => status)).toEqual([403, 415, 413, 413, 400, 400, 404, 404, 404, 404]);
    const { hostname, port } = new URL(explorer.url);
    const withoutOrigin = await new Promise<number | undefined>((resolve, reject) => {
      const headers = { "content-type": "application/json", "content-length": 12 };
      const sent = request(
        { hostname, port, path: "/data/names/one/1", method: "PUT", headers },
        (answer) => {
          answer.resume();
          resolve(answer.statusCode);
        },
      );
      sent.on("error", reject).end(named("x"));
    });
    expect(withoutOrigin).toBe(403);
    expect(await given()).toEqual(before);
  });

  it("stay with the dictionary that they were given for", async () => {
    const manifest = join(folder, "study/dictionaries/one/manifest.json");
    await writeFile(manifest, "{ }");
    expect(await (await get("data/summary.json")).json()).toMatchObject({
      dictionaries: [{ renamed: false }],
    });
    expect((await put("one/1", named("anew"))).status).toBe(200);
    expect(await given()).toMatchObject({ names: { "1": "anew" } });
    const files = await readdir(join(folder, "study/names"));
    expect(files).toHaveLength(2);
    await writeFile(manifest, "{}");
  });
});
