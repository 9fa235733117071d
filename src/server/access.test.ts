import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { request } from "node:http";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { AccessOptions } from "./access-options.ts";
import { startExplorer, type RunningExplorer } from "./explorer.ts";

const token = "correct-horse-battery";
let folder: string;
const running: RunningExplorer[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "viaduct-access-"));
  const make = async (path: string, content: string) => {
    await mkdir(join(folder, path, ".."), { recursive: true });
    await writeFile(join(folder, path), content);
  };
  const rows = { dataHash: "abc", model: null, dimension: 4, imageRows: 1, textRows: 1, pairs: 1 };
  const set = { path: "../set", ...rows };
  await make("study/study.json", JSON.stringify({ schemaVersion: 1, kind: "study", name: "Test", set }));
  await make("app/index.html", "<!doctype html><title>app</title>");
  await make("app/embed.html", "<!doctype html><title>one concept</title>");
});
afterAll(async () => {
  await Promise.all(running.map((explorer) => explorer.close()));
  await rm(folder, { recursive: true });
});

async function start(options: AccessOptions): Promise<RunningExplorer> {
  const explorer = await startExplorer({
    study: join(folder, "study"),
    application: join(folder, "app"),
    ...options,
  });
  running.push(explorer);
  return explorer;
}

interface Answer {
  status: number;
  headers: Record<string, string | string[] | undefined>;
}

/** Asks over loopback, whatever the address says. */
function ask(explorer: RunningExplorer, path: string, headers: Record<string, string> = {}): Promise<Answer> {
  const { port } = new URL(explorer.url);
  return new Promise((resolve, reject) => {
    const sent = request({ hostname: "127.0.0.1", port, path, headers }, (response) => {
      response.resume();
      response.on("end", () => resolve({ status: response.statusCode ?? 0, headers: response.headers }));
    });
    sent.on("error", reject);
    sent.end();
  });
}

describe("the token", () => {
  it("is asked for everywhere, and comes by address, cookie or header", async () => {
    const explorer = await start({ host: "0.0.0.0", token });
    for (const path of [
      "/",
      "/embed.html",
      "/data/summary.json",
      "/data/study/study.json",
      "/assets/x.js",
      "/data/picture/0",
    ]) {
      expect((await ask(explorer, path)).status).toBe(401);
      expect((await ask(explorer, path, { cookie: `viaduct-1=${token}` })).status).toBe(401);
    }
    const first = await ask(explorer, `/?token=${token}`);
    expect(first.status).toBe(200);
    const [set = ""] = [first.headers["set-cookie"]].flat();
    expect(set).toMatch(/; HttpOnly; SameSite=Strict$/);
    const cookie = set.split(";")[0];
    expect((await ask(explorer, "/data/summary.json", { cookie })).status).toBe(200);
    expect((await ask(explorer, "/data/summary.json", { cookie: `other=1; ${cookie}` })).status).toBe(200);
    expect((await ask(explorer, "/data/summary.json", { authorization: `Bearer ${token}` })).status).toBe(
      200,
    );
  });

  it.each([
    token.slice(0, -1),
    `${token}x`,
    token.toUpperCase(),
    "",
    "%00",
    token.split("").toReversed().join(""),
  ])("is not %j, and a wrong one sets no cookie", async (wrong) => {
    const explorer = running[0] ?? (await start({ host: "0.0.0.0", token }));
    const { status, headers } = await ask(explorer, `/?token=${wrong}`);
    expect([status, headers["set-cookie"]]).toEqual([401, undefined]);
  });

  it("is random beyond this machine and part of every address that is printed", async () => {
    const [one, other] = [await start({ host: "0.0.0.0" }), await start({ host: "0.0.0.0" })];
    const tokens = [one, other].map(({ url }) => new URL(url).searchParams.get("token") ?? "");
    expect(tokens[0]).toMatch(/^[\w-]{32}$/);
    expect(tokens[0]).not.toBe(tokens[1]);
    for (const address of one.otherUrls) expect(new URL(address).searchParams.get("token")).toBe(tokens[0]);
    expect(one.otherUrls.map((address) => new URL(address).hostname)).toContain("localhost");
    expect((await ask(one, "/")).status).toBe(401);
    expect((await ask(one, `/?token=${tokens[1]}`)).status).toBe(401);
  });

  it("is not asked for on this machine, unless it is given", async () => {
    expect((await ask(await start({}), "/")).status).toBe(200);
    const guarded = await start({ token });
    expect(guarded.url).toContain(`?token=${token}`);
    expect((await ask(guarded, "/")).status).toBe(401);
  });

  it.each(["short", "sixteen letters!", "x".repeat(257), "mit Ümläuten und so weiter"])(
    "cannot be %j",
    async (bad) => {
      await expect(start({ token: bad })).rejects.toThrow(/expected 16 to 256 letters/);
    },
  );
});

describe("beyond this machine", () => {
  it("answers to its own addresses and name, and to allowed ones, but to no other name", async () => {
    const explorer = await start({ host: "0.0.0.0", token, allowHosts: ["demo.example.org"] });
    const { port } = new URL(explorer.url);
    const status = async (host: string): Promise<number> =>
      (await ask(explorer, `/?token=${token}`, { host })).status;
    const named =
      explorer.url === ""
        ? []
        : [explorer.url, ...explorer.otherUrls].map((address) => new URL(address).host);
    for (const host of [...named, `${hostname()}:${port}`, "demo.example.org", "demo.example.org:443"]) {
      expect([host, await status(host)]).toEqual([host, 200]);
    }
    for (const host of [
      "evil.example",
      `evil.example:${port}`,
      "localhost:1",
      `demo.example.org.evil:${port}`,
    ]) {
      expect([host, await status(host)]).toEqual([host, 403]);
    }
  });

  it("takes no requests from pages of other origins", async () => {
    const explorer = await start({ host: "0.0.0.0", token, allowHosts: ["demo.example.org"] });
    const from = async (origin: string): Promise<number> =>
      (await ask(explorer, `/?token=${token}`, { host: "demo.example.org", origin })).status;
    expect(await from("https://demo.example.org")).toBe(200);
    expect(await from("https://evil.example")).toBe(403);
    expect(await from("null")).toBe(403);
  });

  it.each(["a b", "evil.example:80", "http://x", ""])("does not take %j for a host", async (name) => {
    await expect(start({ allowHosts: [name] })).rejects.toThrow(/is no host name/);
  });
});

describe("frames", () => {
  const ancestors = async (explorer: RunningExplorer, path: string): Promise<string | undefined> => {
    const policy = String((await ask(explorer, path)).headers["content-security-policy"]);
    return /frame-ancestors ([^;]*)/.exec(policy)?.[1];
  };

  it("may hold the page of one concept and no other, on pages of this machine and of allowed origins", async () => {
    const explorer = await start({ allowFrames: ["https://example.org"] });
    expect(await ancestors(explorer, "/")).toBe("'none'");
    expect(await ancestors(explorer, "/embed.html")).toBe(
      "'self' http://127.0.0.1:* http://localhost:* http://[::1]:* https://example.org",
    );
    expect((await ask(explorer, "/embed.html")).headers["cross-origin-resource-policy"]).toBe("cross-origin");
    expect((await ask(explorer, "/")).headers["cross-origin-resource-policy"]).toBe("same-origin");
  });

  it.each(["example.org", "https://example.org/page", "*", "javascript:alert(1)"])(
    "are no matter of %j",
    async (origin) => {
      await expect(start({ allowFrames: [origin] })).rejects.toThrow(/is no origin/);
    },
  );
});
