import { mkdir, mkdtemp, readFile, readdir, readlink, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { ViaductError } from "../../../base/errors.ts";
import type { ProgressReport } from "../../../base/progress.ts";
import { hubFiles, type HubFiles, type HubFilesEffects } from "./hub-files.ts";
import { hubSettings } from "./hub-settings.ts";
import { placeInSnapshot, withoutLinks } from "./snapshot-link.ts";
import { HubServer } from "./testing/hub-server.ts";

let hub: HubServer;
let endpoint: string;
let cache: string;
let waits: number[];

const network = "onnx/vision_model.onnx";
const weights = Buffer.from(Uint8Array.from({ length: 300_000 }, (_, i) => (i * 7919) % 251));

beforeEach(async () => {
  cache = await mkdtemp(join(tmpdir(), "viaduct-hub-"));
  hub = new HubServer();
  hub.add(network, weights, true);
  hub.add("tokenizer.json", '{"version": "1.0"}\n');
  await hub.start();
  ({ endpoint } = hub);
  waits = [];
});
afterEach(async () => {
  await hub.stop();
  await rm(cache, { recursive: true, force: true });
});

const everything = [network, "tokenizer.json"];

async function get(
  paths: readonly string[] = everything,
  {
    revision = "main",
    environment = {},
    ...effects
  }: HubFilesEffects & { readonly revision?: string; readonly environment?: Record<string, string> } = {},
): Promise<HubFiles> {
  const settings = hubSettings({
    HF_ENDPOINT: endpoint,
    HF_HUB_CACHE: cache,
    HOME: cache,
    ...environment,
  });
  return hubFiles({ name: hub.repository, revision }, paths, settings, {
    wait: async (milliseconds) => {
      waits.push(milliseconds);
    },
    ...effects,
  });
}

const inRepository = (...path: string[]): string => join(cache, "models--owner--towers", ...path);
const blobOf = (path: string): string => inRepository("blobs", hub.etagOf(path));

describe("files of the hub", () => {
  it("lie in the cache as Hugging Face's libraries expect them, all of one commit", async () => {
    const files = await get();
    expect(files).toEqual({
      folder: inRepository("snapshots", hub.commit),
      commit: hub.commit,
      downloaded: weights.length + 19,
    });
    expect(await readFile(join(files.folder, network))).toEqual(weights);
    expect(await readlink(join(files.folder, network))).toBe(
      join("..", "..", "..", "blobs", hub.etagOf(network)),
    );
    expect(await readFile(join(files.folder, "tokenizer.json"), "utf8")).toBe('{"version": "1.0"}\n');
    expect(await readFile(inRepository("refs", "main"), "utf8")).toBe(hub.commit);
    expect((await readdir(inRepository("blobs"))).sort()).toEqual(
      [hub.etagOf(network), hub.etagOf("tokenizer.json")].sort(),
    );
    // What a branch names is asked once; the second file is asked of the commit.
    expect(
      hub
        .takeSeen()
        .filter(({ method }) => method === "HEAD")
        .map(({ url }) => url),
    ).toEqual([
      `/owner/towers/resolve/main/${network}`,
      `/owner/towers/resolve/${hub.commit}/tokenizer.json`,
    ]);
  });

  it("are not asked for again", async () => {
    const first = await get();
    hub.takeSeen();
    expect(await get()).toEqual({ ...first, downloaded: 0 });
    expect(await get(everything, { revision: hub.commit })).toEqual({ ...first, downloaded: 0 });
    expect(hub.seen).toEqual([]);
  });

  it("that are missing come from the commit whose others are there", async () => {
    await get(["tokenizer.json"]);
    hub.takeSeen();
    expect((await get()).downloaded).toBe(weights.length);
    expect(
      new Set(
        hub
          .takeSeen()
          .filter(({ host }) => host === "hub")
          .map(({ url }) => url),
      ),
    ).toEqual(new Set([`/owner/towers/resolve/${hub.commit}/${network}`]));
  });

  it("give the token to the hub and not to where it keeps large files", async () => {
    hub.token = "hf_secret";
    await mkdir(join(cache, "home"));
    await writeFile(join(cache, "home", "token"), "hf_secret\n");
    await get(everything, { environment: { HF_HOME: join(cache, "home") } });
    for (const { host, authorization } of hub.takeSeen()) {
      expect(authorization).toBe(host === "hub" ? "Bearer hf_secret" : undefined);
    }
  });

  it("report bytes as they come, of all files together", async () => {
    const reports: ProgressReport[] = [];
    await get(everything, { progress: (report) => reports.push(report) });
    const done = reports.map((report) => report.done);
    expect(done).toEqual(done.toSorted((a, b) => a - b));
    expect(reports.at(-1)).toMatchObject({
      done: weights.length + 19,
      total: weights.length + 19,
      unit: "bytes",
    });
  });
});

describe("a download", () => {
  it("goes on after a broken connection", async () => {
    hub.breaks.push(100_000, 50_000);
    const { folder, downloaded } = await get([network]);
    expect(await readFile(join(folder, network))).toEqual(weights);
    expect(downloaded).toBe(weights.length);
    const ranges = hub
      .takeSeen()
      .filter(({ host }) => host === "store")
      .map(({ range }) => range);
    expect(ranges).toEqual([undefined, "bytes=100000-", "bytes=150000-"]);
    expect(waits).toEqual([1000, 1000]);
  });

  it("waits for a network that goes away for a while", async () => {
    hub.breaks.push(100_000);
    const { folder, downloaded } = await get([network], {
      wait: async (milliseconds) => {
        waits.push(milliseconds);
        if (waits.length === 1) await hub.stop();
        if (waits.length === 3) await hub.start();
      },
    });
    expect(await readFile(join(folder, network))).toEqual(weights);
    expect(downloaded).toBe(weights.length);
    expect(waits).toEqual([1000, 1000, 2000]);
  });

  it("gives up where connections break without a byte, and keeps what came", async () => {
    hub.breaks.push(100_000, 0, 0, 0, 0, 0);
    await expect(get([network])).rejects.toThrow(/onnx\/vision_model\.onnx .* cannot be reached/);
    expect((await stat(`${blobOf(network)}.incomplete`)).size).toBe(100_000);
    expect((await get([network])).downloaded).toBe(200_000);
  });

  it("goes on where an earlier process was stopped", async () => {
    await mkdir(inRepository("blobs"), { recursive: true });
    await writeFile(`${blobOf(network)}.incomplete`, weights.subarray(0, 123_456));
    const { folder, downloaded } = await get([network]);
    expect(downloaded).toBe(weights.length - 123_456);
    expect(await readFile(join(folder, network))).toEqual(weights);
  });

  it("begins anew where the hub gives no parts", async () => {
    await mkdir(inRepository("blobs"), { recursive: true });
    await writeFile(`${blobOf(network)}.incomplete`, weights.subarray(0, 1000));
    hub.faults.push((request, response) => {
      if (
        request.headers.range === undefined ||
        request.headers.host?.endsWith(endpoint.split(":")[2]) === true
      )
        return false;
      response.writeHead(200, { "content-length": weights.length }).end(weights);
      return true;
    });
    const { folder, downloaded } = await get([network]);
    expect(downloaded).toBe(weights.length);
    expect(await readFile(join(folder, network))).toEqual(weights);
  });

  it("whose content is not what its hash says is removed", async () => {
    await mkdir(inRepository("blobs"), { recursive: true });
    await writeFile(`${blobOf(network)}.incomplete`, Buffer.alloc(1000, 1));
    await expect(get([network])).rejects.toThrow(/arrived damaged.*repeat the command/);
    await expect(stat(`${blobOf(network)}.incomplete`)).rejects.toThrow();
    expect((await get([network])).downloaded).toBe(weights.length);
  });

  it("can be stopped and keeps what came", async () => {
    const controller = new AbortController();
    const stopped = get([network], {
      signal: controller.signal,
      progress: ({ done }) => {
        if (done > 0) controller.abort(new ViaductError("cancelled", "stopped"));
      },
    });
    await expect(stopped).rejects.toMatchObject({ code: "cancelled" });
    await expect(stopped).rejects.toThrow(
      /stopped after 0\.\d of 0\.3 MB of onnx\/vision_model\.onnx; the same command goes on/,
    );
    const { size } = await stat(`${blobOf(network)}.incomplete`);
    expect(size).toBeGreaterThan(0);
    expect((await get([network])).downloaded).toBe(weights.length - size);
  });

  it("happens once when two ask at the same time", async () => {
    hub.breaks.push(150_000);
    const both = await Promise.all([get([network]), get([network])]);
    expect(both.map(({ downloaded }) => downloaded).toSorted((a, b) => a - b)).toEqual([0, weights.length]);
  });
});

describe("what goes wrong", () => {
  it("names the file or revision that is not there, and what to do", async () => {
    await expect(get(["onnx/vision_model_fp16.onnx"])).rejects.toThrow(
      "owner/towers has no onnx/vision_model_fp16.onnx at main (404); choose another --dtype or --revision",
    );
    await expect(get([network], { revision: "v2" })).rejects.toThrow("owner/towers has no revision v2 (404)");
  });

  it("tells a private or unknown repository from one with conditions", async () => {
    hub.token = "hf_secret";
    await expect(get()).rejects.toThrow(/owner\/towers does not exist, or is private .*\(401\).*HF_TOKEN/);
    hub.token = undefined;
    hub.faults.push((_, response) => {
      response.writeHead(403, { "x-error-code": "GatedRepo" }).end();
      return true;
    });
    await expect(get()).rejects.toThrow(/not open to you \(403\); accept its conditions at .*owner\/towers/);
  });

  it("waits as the hub asks and tries again", async () => {
    const date = new Date(Date.UTC(2025, 0, 1));
    const busy = (headers: Record<string, string>, status = 429): void => {
      hub.faults.push((_, response) => {
        response.writeHead(status, headers).end();
        return true;
      });
    };
    busy({ "retry-after": "7" });
    busy({ date: date.toUTCString(), "retry-after": new Date(date.getTime() + 20_000).toUTCString() });
    busy({}, 503);
    busy({ "retry-after": "86400" });
    await get();
    expect(waits).toEqual([7000, 20_000, 4000, 60_000]);
  });

  it("says so when the hub stays out of order", async () => {
    for (let i = 0; i < 5; i++) {
      hub.faults.push((_, response) => {
        response.writeHead(500).end();
        return true;
      });
    }
    await expect(get()).rejects.toThrow(
      /answered 500 for onnx\/vision_model\.onnx .*repeat the command later/,
    );
    expect(waits).toEqual([1000, 2000, 4000, 8000]);
  });

  it("without a network names the files and where to put them; put there, they are found", async () => {
    await hub.stop();
    const failure = get();
    const folder = inRepository("snapshots", "main");
    await expect(failure).rejects.toMatchObject({ code: "missing-part" });
    await expect(failure).rejects.toThrow(
      `onnx/vision_model.onnx and tokenizer.json of owner/towers (main) are not on this machine and ${endpoint} cannot be reached (it refuses connections); run this where the hub can be reached, or put them under these names into ${folder}`,
    );
    expect(waits).toEqual([]);
    await mkdir(join(folder, "onnx"), { recursive: true });
    await writeFile(join(folder, network), weights);
    await writeFile(join(folder, "tokenizer.json"), "{}");
    expect(await get()).toEqual({ folder, commit: "main", downloaded: 0 });
    await hub.start();
  });

  it("asks nothing offline", async () => {
    const failure = get([network], { environment: { HF_HUB_OFFLINE: "1" } });
    await expect(failure).rejects.toThrow(/is not on this machine and requests to the hub are turned off/);
    expect(hub.seen).toEqual([]);
  });

  it("tells a login page from a hub", async () => {
    hub.faults.push((_, response) => {
      response.writeHead(200, { "content-type": "text/html" }).end("<html>");
      return true;
    });
    await expect(get()).rejects.toThrow(/does not answer as a Hugging Face hub.*login page/);
  });

  it("refuses a commit that leads out of the cache", async () => {
    hub.faults.push((_, response) => {
      const headers = { "x-repo-commit": "../../../../outside", etag: '"abc"', "content-length": "3" };
      response.writeHead(200, headers).end();
      return true;
    });
    await expect(get()).rejects.toThrow(/does not answer as a Hugging Face hub/);
  });

  it("refuses names that lead out of the cache", async () => {
    const settings = hubSettings({ HF_HUB_CACHE: cache });
    for (const name of ["../x", "owner/..", "owner", "a/b/c", "owner\\x/y"]) {
      await expect(hubFiles({ name, revision: "main" }, ["x"], settings)).rejects.toThrow(
        "no hub repository",
      );
    }
    await expect(hubFiles({ name: "a/b", revision: "../main" }, ["x"], settings)).rejects.toThrow(
      "no revision",
    );
  });
});

it("a blob is given a second name where links are forbidden", async () => {
  const blob = join(cache, "blob");
  await writeFile(blob, "weights");
  const path = join(cache, "snapshot", "onnx", "model.onnx");
  await placeInSnapshot(blob, path, withoutLinks);
  await placeInSnapshot(blob, path, withoutLinks);
  expect(await readFile(path, "utf8")).toBe("weights");
  expect((await stat(path)).ino).toBe((await stat(blob)).ino);
  expect(await readdir(join(cache, "snapshot", "onnx"))).toEqual(["model.onnx"]);
});

describe("the cache's place", () => {
  const cacheOf = (environment: Record<string, string>): string =>
    hubSettings({ HOME: "/home/ada", ...environment }).cache;

  it("is where Python has it", () => {
    expect(cacheOf({})).toBe("/home/ada/.cache/huggingface/hub");
    expect(cacheOf({ XDG_CACHE_HOME: "/var/cache" })).toBe("/var/cache/huggingface/hub");
    expect(cacheOf({ XDG_CACHE_HOME: "/var/cache", HF_HOME: "~/hf" })).toBe("/home/ada/hf/hub");
    expect(cacheOf({ HF_HOME: "~/hf", HF_HUB_CACHE: "$DATA/models", DATA: "/data" })).toBe("/data/models");
    expect(cacheOf({ HUGGINGFACE_HUB_CACHE: "/old" })).toBe("/old");
  });

  it("comes with the token of the environment before that of the file", async () => {
    await writeFile(join(cache, "token"), "of-the-file\n");
    expect(await hubSettings({ HF_HOME: cache }).token()).toBe("of-the-file");
    expect(await hubSettings({ HF_HOME: cache, HF_TOKEN: "given" }).token()).toBe("given");
    expect(await hubSettings({ HF_HOME: join(cache, "none") }).token()).toBeUndefined();
  });
});
