import { expect, it } from "vitest";
import type { ProgressReport } from "../../../base/progress.ts";
import { browserModels } from "../browser-models.ts";
import { fetchMeter } from "./fetch-meter.ts";
import { hubFile, type HubEffects } from "./hub-file.ts";

const address = "https://hub.example.org/model/resolve/abc/text.onnx";
const content = new TextEncoder().encode("the weights of a model");
const { sha256 } = browserModels(fetch);

/** A cache that keeps what is put, unless its disk is full. */
function cache(full = false): { kept: HubEffects["kept"]; has: () => number } {
  const files = new Map<string, Response>();
  return {
    kept: async () => ({
      match: async (key) => files.get(key)?.clone(),
      put: async (key, response) => {
        if (full) throw new DOMException("full", "QuotaExceededError");
        files.set(key, response);
      },
      delete: async (key) => files.delete(key),
    }),
    has: () => files.size,
  };
}

function getting(more: Partial<HubEffects>, file: { bytes: number | null; sha256: string | null }) {
  const told: ProgressReport[] = [];
  const effects = {
    fetch: async () => new Response(content, { headers: { "content-length": String(content.length) } }),
    kept: async () => null,
    sha256: async () => null,
    ...more,
  };
  const got = hubFile(
    { from: "hub", address, ...file },
    effects,
    fetchMeter((report) => told.push(report)),
  );
  return { got, told };
}

const unknown = { bytes: null, sha256: null };

it("fetches once, tells how far it is, and takes what it kept after that", async () => {
  const { kept, has } = cache();
  const known = { bytes: content.length, sha256: await sha256(content) };
  const first = getting({ kept, sha256 }, known);
  expect(await first.got).toEqual(content);
  const { length } = content;
  expect(first.told.at(-1)).toEqual({ stage: "download", done: length, total: length, unit: "bytes" });
  expect(has()).toBe(1);
  const offline = getting({ kept, fetch: () => Promise.reject(new TypeError("failed to fetch")) }, known);
  expect(await offline.got).toEqual(content);
  expect(offline.told).toEqual([]);
});

it("fetches anew what was kept where it is another file, cut off, or cannot be read", async () => {
  const known = { bytes: content.length, sha256: await sha256(content) };
  for (const other of [content.toReversed(), content.subarray(1), new Uint8Array(0)]) {
    const { kept } = cache();
    await (await kept())!.put(address, new Response(other));
    expect(await getting({ kept, sha256 }, known).got).toEqual(content);
    const offline = getting({ kept, sha256, fetch: () => Promise.reject(new TypeError("down")) }, known);
    expect(await offline.got).toEqual(content);
  }
  const broken = cache();
  const unreadable = async () => ({
    ...(await broken.kept())!,
    match: () => Promise.reject(new DOMException("gone", "InvalidStateError")),
  });
  expect(await getting({ kept: unreadable, sha256 }, known).got).toEqual(content);
});

it("goes by the length that the hub says where the set does not know it", async () => {
  const { got, told } = getting({}, unknown);
  await got;
  expect(told[0]).toMatchObject({ done: 0, total: content.length });
});

it("does without a cache, and with one that is full", async () => {
  expect(await getting({}, unknown).got).toEqual(content);
  expect(await getting({ kept: cache(true).kept }, unknown).got).toEqual(content);
  const forbidden = { kept: () => Promise.reject(new DOMException("denied", "SecurityError")) };
  expect(await getting(forbidden, unknown).got).toEqual(content);
});

it("says what is the matter: no network, a status, another file, which is not kept", async () => {
  const down = getting({ fetch: () => Promise.reject(new TypeError("failed to fetch")) }, unknown);
  await expect(down.got).rejects.toThrow(/could not be fetched from hub\.example\.org/);
  const gone = getting({ fetch: async () => new Response(null, { status: 404 }) }, unknown);
  await expect(gone.got).rejects.toThrow(`${address} came back with status 404`);
  const { kept, has } = cache();
  const other = getting({ kept, sha256 }, { bytes: null, sha256: "0".repeat(64) });
  await expect(other.got).rejects.toThrow(/is not the file that made this study's embeddings/);
  expect(has()).toBe(0);
});
