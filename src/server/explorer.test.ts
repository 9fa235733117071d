import { mkdir, mkdtemp, rename, rm, symlink, writeFile } from "node:fs/promises";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parquetWriteBuffer } from "hyparquet-writer";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startExplorer, type RunningExplorer } from "./explorer.ts";

let folder: string;
let explorer: RunningExplorer;
const png = Buffer.from("89504e470d0a1a0a0000000d49484452", "hex");
const payload = Buffer.from(Array.from({ length: 1000 }, (_, i) => i % 256));

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "viaduct-server-"));
  const make = async (path: string, content: string | Uint8Array) => {
    await mkdir(join(folder, path, ".."), { recursive: true });
    await writeFile(join(folder, path), content);
  };
  const set = {
    path: "../set",
    dataHash: "abc",
    model: "m",
    dimension: 4,
    imageRows: 7,
    textRows: 2,
    pairs: 2,
  };
  await make("study/study.json", JSON.stringify({ schemaVersion: 1, kind: "study", name: "Test", set }));
  await make("study/dictionaries/one/manifest.json", "{}");
  await make(
    "study/dictionaries/one/run.json",
    JSON.stringify({ learner: "topk", metrics: { all: { r2: 0.5 } } }),
  );
  await make("study/dictionaries/one/cfg.json", JSON.stringify({ d_sae: 8 }));
  await make("study/dictionaries/one/analysis/concepts.parquet", payload);
  await make("study/dictionaries/unfinished/run.json", "{}");
  await make("study/.hidden", "hidden");
  await make("secret.txt", "secret");
  await make("app/index.html", "<!doctype html><title>app</title>");
  await make("app/assets/app-1.js", "0;");
  await make("set/manifest.json", JSON.stringify({ imageRoot: "../pictures" }));
  await make("pictures/a b.svg", "<svg xmlns='http://www.w3.org/2000/svg'><script>0</script></svg>");
  await make("pictures/notes.txt", "no picture");
  await make("pictures/broken.png", "no picture either");
  await make("pictures/img:1.png", png);
  await make("pictures/bare", png);
  await symlink(join(folder, "secret.txt"), join(folder, "study/dictionaries/link.json"));
  await symlink(join(folder, "secret.txt"), join(folder, "pictures/link.png"));
  const file = [
    "a b.svg",
    "../secret.txt",
    "http://example.org/x.png",
    null,
    "link.png",
    "notes.txt",
    "gone.png",
    "broken.png",
    "img:1.png",
    "file:///elsewhere/img:1.png",
    "bare",
  ];
  const columnData = [
    { name: "row", data: Int32Array.from(file.keys()), type: "INT32" as const },
    { name: "file", data: file, type: "STRING" as const },
  ];
  await make("set/image-items.parquet", new Uint8Array(parquetWriteBuffer({ columnData })));
  explorer = await startExplorer({ study: join(folder, "study"), application: join(folder, "app") });
});

afterAll(async () => {
  await explorer.close();
  await rm(folder, { recursive: true });
});

/** Sends the path as it is; `fetch` would tidy it first. */
function raw(path: string, headers: Record<string, string> = {}): Promise<{ status: number; body: string }> {
  const { hostname, port } = new URL(explorer.url);
  return new Promise((resolve, reject) => {
    const sent = request({ hostname, port, path, headers }, (response) => {
      let body = "";
      response.on("data", (chunk: Buffer) => (body += chunk.toString("latin1")));
      response.on("end", () => resolve({ status: response.statusCode ?? 0, body }));
    });
    sent.on("error", reject);
    sent.end();
  });
}

const table = "data/study/dictionaries/one/analysis/concepts.parquet";
const get = (path: string, init?: RequestInit) => fetch(new URL(path, explorer.url), init);

describe("files of the study", () => {
  it("serves whole files with their size", async () => {
    const response = await get(table);
    expect(response.status).toBe(200);
    expect(response.headers.get("content-length")).toBe("1000");
    expect(Buffer.from(await response.arrayBuffer())).toEqual(payload);
  });

  it.each([
    ["bytes=10-19", 10, 20],
    ["bytes=990-", 990, 1000],
    ["bytes=-5", 995, 1000],
    ["bytes=0-99999", 0, 1000],
    ["bytes=-99999", 0, 1000],
  ])("serves %s", async (range, start, end) => {
    const response = await get(table, { headers: { range } });
    expect(response.status).toBe(206);
    expect(response.headers.get("content-range")).toBe(`bytes ${start}-${end - 1}/1000`);
    expect(Buffer.from(await response.arrayBuffer())).toEqual(payload.subarray(start, end));
  });

  it("says the size when a range lies behind the end", async () => {
    const response = await get(table, { headers: { range: "bytes=1000-" } });
    expect([response.status, response.headers.get("content-range")]).toEqual([416, "bytes */1000"]);
  });

  it("answers HEAD without a body and an unchanged file with 304", async () => {
    const head = await get(table, { method: "HEAD" });
    expect([head.status, head.headers.get("content-length"), await head.text()]).toEqual([200, "1000", ""]);
    const again = await raw(`/${table}`, { "if-none-match": head.headers.get("etag")! });
    expect(again).toEqual({ status: 304, body: "" });
  });

  it.each([
    "/data/study/../secret.txt",
    "/data/study/%2e%2e/secret.txt",
    "/data/study/..%2fsecret.txt",
    "/data/study/dictionaries/..%5c..%5csecret.txt",
    "/data/study//etc/passwd",
    "/data/study/%2fetc%2fpasswd",
    "/data/study/dictionaries/link.json",
    "/data/study/.hidden",
    "/data/study/study.json%00",
    "/data/study/%ff",
    "/data/set/..%2f..%2fsecret.txt",
    "/assets/..%2f..%2fsecret.txt",
    "/data/study/dictionaries",
    "/data/study/",
  ])("refuses %s", async (path) => {
    const answer = await raw(path);
    expect(answer.status).toBe(404);
    expect(answer.body).not.toContain("secret");
  });
});

describe("the application's own files", () => {
  it.each([
    ["br, gzip", "br"],
    ["gzip, deflate", "gzip"],
    ["br;q=0, gzip", "gzip"],
    ["identity", null],
  ])("come compressed to who accepts %s", async (accept, encoding) => {
    const response = await get("assets/app-1.js", { headers: { "accept-encoding": accept } });
    expect(response.headers.get("content-encoding")).toBe(encoding);
    expect(await response.text()).toBe("0;");
    const etag = response.headers.get("etag") ?? "";
    const again = await raw("/assets/app-1.js", { "accept-encoding": accept, "if-none-match": etag });
    expect(again.status).toBe(304);
  });
});

describe("pictures", () => {
  it("serves the file of a row as a picture that may run nothing", async () => {
    const response = await get("data/picture/0");
    expect(response.headers.get("content-type")).toBe("image/svg+xml");
    expect(response.headers.get("content-security-policy")).toContain("sandbox");
    expect(response.headers.get("content-security-policy")).not.toContain("script-src");
  });

  it.each([8, 9, 10])("serves row %i, which import finds, by what it holds", async (row) => {
    const response = await get(`data/picture/${row}`);
    expect([response.status, response.headers.get("content-type")]).toEqual([200, "image/png"]);
  });

  it.each([
    [1, "outside the image root: secret.txt"],
    [2, "on the web, not fetched: x.png"],
    [3, "no file named"],
    [4, "outside the image root: link.png"],
    [5, "not a picture that browsers show: notes.txt"],
    [6, "not found: gone.png"],
    [7, "not a picture that browsers show: broken.png"],
    [11, "no row 11"],
  ])("says why row %i has none", async (row, reason) => {
    const response = await get(`data/picture/${row}`);
    expect(response.status).toBe(404);
    expect(await response.text()).toContain(reason);
  });
});

describe("who may ask", () => {
  it.each([
    [{ host: "evil.example" }, 403],
    [{ host: "evil.example:80" }, 403],
    [{ host: "127.0.0.1" }, 403],
    [{ host: "127.0.0.1:1" }, 403],
    [{ host: "localhost.evil.example" }, 403],
    [{ origin: "http://evil.example" }, 403],
    [{ origin: "null" }, 403],
  ])("refuses %o", async (headers, status) => {
    expect((await raw("/data/summary.json", headers)).status).toBe(status);
  });

  it("answers localhost and its own origin", async () => {
    const { port } = new URL(explorer.url);
    const host = `localhost:${port}`;
    expect((await raw("/", { host, origin: `http://${host}` })).status).toBe(200);
  });

  it.each(["/", "/data/summary.json", `/${table}`, "/data/picture/0"])(
    "lets no other site read %s",
    async (path) => {
      for (const method of ["GET", "OPTIONS"]) {
        const response = await get(path, { method });
        const shared = [...response.headers.keys()].filter((name) => name.startsWith("access-control-"));
        expect(shared).toEqual([]);
        expect(response.headers.get("cross-origin-resource-policy")).toBe("same-origin");
      }
    },
  );

  it.each(["POST", "PUT", "DELETE", "OPTIONS"])("does nothing for %s", async (method) => {
    for (const path of ["data/summary.json", table]) {
      expect((await get(path, { method })).status).toBe(404);
    }
  });

  it("sends a strict policy with the page", async () => {
    const policy = (await get("")).headers.get("content-security-policy") ?? "";
    expect(policy).toContain("default-src 'none'");
    expect(policy).not.toMatch(/unsafe|\*|https?:/);
  });
});

describe("the summary", () => {
  it("lists finished dictionaries only, measured or not", async () => {
    const summary = (await (await get("data/summary.json")).json()) as Record<string, unknown>;
    expect(summary["name"]).toBe("Test");
    expect(summary["dictionaries"]).toMatchObject([
      {
        name: "one",
        learner: "topk",
        analysed: false,
        named: false,
        comparedWith: [],
        all: { r2: 0.5, deadFraction: null },
        bridgeSum: null,
      },
    ]);
  });

  it("refuses questions from elsewhere, without a length, too long, or that are none", async () => {
    const { hostname, port } = new URL(explorer.url);
    const ask = (body: string, headers: Record<string, string>): Promise<number | undefined> =>
      new Promise((resolve, reject) => {
        const sent = request({ hostname, port, path: "/data/query", method: "POST", headers }, (answer) => {
          answer.resume();
          resolve(answer.statusCode);
        });
        sent.on("error", reject);
        sent.write(body);
        sent.end();
      });
    const own = { origin: explorer.url.slice(0, -1), "content-type": "application/json" };
    const asked = JSON.stringify({ dictionary: "one", text: "red" });
    const length = (bytes: number): Record<string, string> => ({ "content-length": String(bytes) });
    const { origin, ...withoutOrigin } = own;
    expect(await ask(asked, { ...withoutOrigin, ...length(asked.length) })).toBe(403);
    expect(await ask(asked, { ...own, origin: `${origin}.example`, ...length(asked.length) })).toBe(403);
    expect(await ask(asked, { ...own, "content-type": "text/plain", ...length(asked.length) })).toBe(415);
    expect(await ask(asked, { ...own, "transfer-encoding": "chunked" })).toBe(411);
    expect(await ask('{"text": 7}', { ...own, ...length(11) })).toBe(400);
    const none = JSON.stringify({ dictionary: "../../secret", text: "red" });
    expect(await ask(none, { ...own, ...length(none.length) })).toBe(422);
    const tooLong = await fetch(`${explorer.url}data/query`, {
      method: "POST",
      headers: own,
      body: "x".repeat(48 * 2 ** 20 + 1),
    });
    expect(tooLong.status).toBe(413);
    await tooLong.body?.cancel();
  });

  it("says that the set is not where it was, and no more when it is back", async () => {
    const problem = async (): Promise<unknown> => {
      const summary = (await (await get("data/summary.json")).json()) as { set: Record<string, unknown> };
      return summary.set["problem"];
    };
    await rename(join(folder, "set"), join(folder, "moved"));
    try {
      expect(await problem()).toContain("The embedding set is not at ../set");
      expect(await (await get("data/picture/0")).text()).toContain("The embedding set is not at ../set");
    } finally {
      await rename(join(folder, "moved"), join(folder, "set"));
    }
    expect(await problem()).toBeNull();
    expect((await get("data/picture/0")).status).toBe(200);
  });

  it("names the folder that is no study", async () => {
    await expect(startExplorer({ study: folder })).rejects.toThrow(/no study at .*expected study\.json/);
  });
});
