/** Which towers a site takes along, or where on the hub its page finds them. */
import { mkdtempSync, rmSync } from "node:fs";
import { copyFile, cp, mkdir, readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, it } from "vitest";
import { presetNamed } from "../../src/encoders/presets/registry.ts";
import type { EmbeddingSet } from "../../src/pipeline/embedding-set.ts";
import {
  pathInTowers,
  planQueries,
  type PlannedQueries,
  type QueriesSpec,
} from "../../src/pipeline/export/site/plan-queries.ts";
import { allowQueries } from "../../src/pipeline/export/site/queries-policy.ts";
import type { EncoderRecord } from "../../src/protocol/encoder-record.ts";

const commit = "0123456789012345678901234567890123456789";

function record(more: Partial<EncoderRecord>): EncoderRecord {
  return {
    spec: "small",
    model: "viaduct/small",
    source: "package",
    repository: null,
    folder: null,
    revision: null,
    dtype: null,
    device: "cpu",
    runtime: "",
    reason: "",
    normalization: "l2",
    dimension: 128,
    files: [],
    ...more,
  };
}

const clip = record({
  spec: "clip-b32",
  model: "openai/clip-vit-base-patch32",
  source: "hub",
  repository: "Xenova/clip-vit-base-patch32",
  revision: commit,
  dtype: "q8",
  dimension: 512,
  files: [{ path: "onnx/text_model_quantized.onnx", bytes: 64, sha256: "ab" }],
});

/** What planning reads of a set. */
function setOf(encoder: EncoderRecord | null, dimension = encoder?.dimension ?? 4): EmbeddingSet {
  const report = { image: { norms: null }, text: { norms: null } };
  const manifest = { encoder, model: null, report };
  return { path: "my-set", manifest, embeddings: { dimension } } as unknown as EmbeddingSet;
}

const plan = (set: EmbeddingSet, spec: QueriesSpec = {}, environment = {}) =>
  planQueries(set, spec, { environment });

describe("towers of one's own", () => {
  it("are copied, with the scale that the set's rows have", async () => {
    const kept = await plan(setOf(record({ normalization: "none" })), { model: "small", nearest: false });
    expect(kept).toMatchObject({ towers: "site", nearest: false, origins: [], dtype: null });
    expect(kept.description.normalization).toBe("none");
    expect([...kept.files.keys()]).toEqual(["image.onnx", "text.onnx", "tokenizer.json"]);
    for (const { from } of kept.files.values()) expect((await readFile(from)).length).toBeGreaterThan(1000);
    expect((await readFile(kept.runtime.wasm)).subarray(0, 4).toString("latin1")).toBe("\0asm");
    expect(await readFile(kept.runtime.module, "utf8")).toContain("InferenceSession");
  });

  it("are those that made the set", async () => {
    const files = [{ path: "image.onnx", bytes: 1, sha256: "00" }];
    await expect(plan(setOf(record({ files })))).rejects.toThrow(/is not the file that made the set my-set/);
    await expect(plan(setOf(record({}), 64), { model: "small" })).rejects.toThrow(
      /viaduct\/small gives 128 dimensions; the set my-set has 64/,
    );
    await expect(plan(setOf(null))).rejects.toThrow(/the set my-set names no model.*say with --model/);
    await expect(plan(setOf(record({})), { model: "small", towers: "hub" })).rejects.toThrow(
      /small is not on the hub; leave --towers out/,
    );
  });
});

describe("files of a description", () => {
  const folder = mkdtempSync(join(tmpdir(), "viaduct-towers-"));
  afterAll(() => rmSync(folder, { recursive: true }));

  /** Plans with towers whose text network has this name, and is there. */
  async function named(network: string): Promise<PlannedQueries> {
    const towers = join(folder, "towers");
    await cp(fileURLToPath(new URL("../../assets/towers", import.meta.url)), towers, { recursive: true });
    const path = join(towers, "encoder.json");
    const description = JSON.parse(await readFile(path, "utf8")) as { text: object };
    await mkdir(dirname(join(towers, network)), { recursive: true });
    await copyFile(join(towers, "text.onnx"), join(towers, network));
    await writeFile(path, JSON.stringify({ ...description, text: { ...description.text, network } }));
    return plan(setOf(record({})), { model: `onnx:${towers}` });
  }

  it("are not published from beyond its folder", async () => {
    for (const network of ["../text.onnx", "deeper/../../text.onnx", "/text.onnx"]) {
      await expect(named(network)).rejects.toThrow(`encoder.json of onnx:${folder}/towers names ${network};`);
    }
  });

  it("keep the folders that tell them apart", async () => {
    const { files } = await named("./networks/text.onnx");
    expect([...files.keys()].map(pathInTowers)).toEqual([
      "image.onnx",
      "networks/text.onnx",
      "tokenizer.json",
    ]);
  });
});

describe("a model of the hub", () => {
  it("is copied or fetched as one says", async () => {
    await expect(plan(setOf(clip))).rejects.toThrow(
      /clip-b32 is a model of the hub: say --towers hub, .* or --towers site/,
    );
  });

  it("is described with the addresses of its files, their sizes and hashes where they are known", async () => {
    const { files, origins, dtype, description } = await plan(setOf(clip), { towers: "hub" });
    const at = `https://huggingface.co/Xenova/clip-vit-base-patch32/resolve/${commit}`;
    expect(Object.fromEntries(files)).toEqual(
      Object.fromEntries(
        [
          ["onnx/vision_model_quantized.onnx", null, null],
          ["onnx/text_model_quantized.onnx", 64, "ab"],
          ["tokenizer.json", null, null],
          ["tokenizer_config.json", null, null],
        ].map(([name, bytes, sha256]) => [name, { from: "hub", address: `${at}/${name}`, bytes, sha256 }]),
      ),
    );
    expect(dtype).toBe("q8");
    expect(description).toEqual(presetNamed("clip-b32")!.description);
    expect(origins).toEqual(["https://huggingface.co", "https://*.huggingface.co", "https://*.hf.co"]);
  });

  it("comes from another hub where the environment names one, and from that alone", async () => {
    const mirror = await plan(
      setOf(clip),
      { towers: "hub" },
      { HF_ENDPOINT: "https://hub.example.org/models/" },
    );
    expect(mirror.origins).toEqual(["https://hub.example.org"]);
    expect(mirror.files.get("tokenizer.json")).toMatchObject({
      address: `https://hub.example.org/models/Xenova/clip-vit-base-patch32/resolve/${commit}/tokenizer.json`,
    });
  });

  it("is not taken from a branch, nor where its weights lie beside its networks", async () => {
    const branch = { ...clip, revision: "main" };
    await expect(plan(setOf(branch), { towers: "hub" })).rejects.toThrow(/from the branch main.*a commit/);
    const preset = presetNamed("siglip2-so400m")!;
    const large = record({
      spec: preset.alias,
      revision: commit,
      dtype: "fp32",
      dimension: preset.description.dimension,
    });
    for (const towers of ["hub", "site"] as const) {
      await expect(plan(setOf(large), { towers })).rejects.toThrow(/beside the network, which pages/);
    }
  });
});

it("loosens the page's policy by what questions need and no more", async () => {
  const page = await readFile(
    fileURLToPath(new URL("../../src/explorer/index.html", import.meta.url)),
    "utf8",
  );
  const policy = (html: string): string => /content="(default-src[^"]*)"/.exec(html)![1];
  expect(policy(allowQueries(page, ["https://hub.example.org"]))).toBe(
    policy(page)
      .replace("script-src 'self'", "script-src 'self' 'wasm-unsafe-eval'")
      .replace("connect-src 'self'", "connect-src 'self' https://hub.example.org"),
  );
  expect(policy(allowQueries(page, []))).toContain("connect-src 'self';");
  expect(() => allowQueries("<!doctype html>", [])).toThrow(/does not say "script-src 'self'" once/);
});
