import { cp, mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { presetNamed } from "../../encoders/presets/registry.ts";
import { sha256Of } from "../../platform/node/files/file-list.ts";
import { HubServer } from "../../platform/node/hub/testing/hub-server.ts";
import { cachedEncoders } from "./cached-encoders.ts";
import { loadEncoder } from "./load-encoder.ts";

/** CLIP's architecture with few, random weights. */
const tiny = fileURLToPath(new URL("../../../test/fixtures/encoders/clip", import.meta.url));
const files = ["onnx/vision_model.onnx", "onnx/text_model.onnx", "tokenizer.json", "tokenizer_config.json"];

let place: string;
beforeAll(async () => {
  place = await mkdtemp(join(tmpdir(), "viaduct-encoder-"));
});
afterAll(() => rm(place, { recursive: true, force: true }));

describe("an encoder from the hub", () => {
  const { hub: source, alias } = presetNamed("clip-b32")!;
  let hub: HubServer;
  let environment: Record<string, string>;
  beforeAll(async () => {
    hub = new HubServer(source!.repository, source!.revision);
    for (const file of files) hub.add(file, await readFile(join(tiny, file)), file.endsWith(".onnx"));
    await hub.start();
    environment = { HF_ENDPOINT: hub.endpoint, HF_HUB_CACHE: join(place, "cache") };
  });
  afterAll(() => hub.stop());

  it("is fetched at the preset's commit, records it, and needs no network then", async () => {
    const stages = new Set<string>();
    const { encoder, description, record } = await loadEncoder(
      { spec: "openai/clip-vit-base-patch32", device: "cpu", threads: 1 },
      { environment, progress: ({ stage }) => stages.add(stage) },
    );
    await encoder.close();
    expect(encoder.model).toBe("openai/clip-vit-base-patch32");
    expect(description.image.resample).toBe("bicubic");
    expect(encoder.text.prepare("a dog").length).toBeGreaterThan(2);
    expect(record).toMatchObject({
      spec: "openai/clip-vit-base-patch32",
      model: "openai/clip-vit-base-patch32",
      source: "hub",
      repository: "Xenova/clip-vit-base-patch32",
      folder: null,
      revision: source!.revision,
      dtype: "fp32",
      device: "cpu",
      reason: "cpu (asked for), in fp32 (the reference)",
      normalization: "l2",
      dimension: 512,
    });
    expect(record.runtime).toMatch(/^onnxruntime-node .*, cpu, 1 thread$/);
    expect(record.files).toEqual(
      await Promise.all(
        files.map(async (path) => {
          const content = await readFile(join(tiny, path));
          return { path, bytes: content.length, sha256: sha256Of(content) };
        }),
      ),
    );
    expect(stages).toEqual(new Set(files.map((file) => `download ${file}`)));
    expect(cachedEncoders(environment).encoders).toEqual([{ alias, dtype: "fp32" }]);

    hub.takeSeen();
    const again = await loadEncoder({ spec: alias, device: "cpu", offline: true }, { environment });
    await again.encoder.close();
    expect(again.record.files).toEqual(record.files);
    expect(hub.seen).toEqual([]);
  });

  it("follows another revision when it is named", async () => {
    const cache = join(place, "main");
    const { encoder, record } = await loadEncoder(
      { spec: alias, revision: "main", device: "cpu" },
      { environment: { ...environment, HF_HUB_CACHE: cache } },
    );
    await encoder.close();
    expect(record.revision).toBe(source!.revision);
    await expect(
      loadEncoder({ spec: alias, revision: "v9", device: "cpu" }, { environment }),
    ).rejects.toThrow("has no revision v9");
  });

  it("says which number types are not there", async () => {
    await expect(loadEncoder({ spec: alias, dtype: "q8", device: "cpu" }, { environment })).rejects.toThrow(
      /has no onnx\/vision_model_quantized\.onnx at .*; choose another --dtype or --revision/,
    );
    await expect(loadEncoder({ spec: "siglip-so400m", dtype: "q8", device: "cpu" })).rejects.toThrow(
      "google/siglip-so400m-patch14-384 does not come in q8; it comes in fp32",
    );
  });
});

describe("an encoder from a folder", () => {
  it.each([`onnx:${tiny}`, tiny])("runs as its encoder.json says: %s", async (spec) => {
    const { encoder, record } = await loadEncoder({ spec, device: "cpu", threads: 1 });
    try {
      const rows = await encoder.text.run(["a diagram", "a dog"]);
      expect(rows.length).toBe(2 * encoder.dimension);
      expect(Math.hypot(...rows.subarray(0, encoder.dimension))).toBeCloseTo(1, 5);
      expect(record).toMatchObject({ source: "folder", folder: tiny, repository: null, revision: null });
      expect(record.files.map(({ path }) => path)).toEqual(["encoder.json", ...files]);
    } finally {
      await encoder.close();
    }
  });

  it("keeps the towers' scale when told so, and says that it did", async () => {
    const { encoder, record } = await loadEncoder({ spec: tiny, device: "cpu", normalize: false });
    const rows = await encoder.text.run(["a diagram"]);
    await encoder.close();
    expect(Math.abs(Math.hypot(...rows) - 1)).toBeGreaterThan(1e-3);
    expect(record.normalization).toBe("none");
  });

  it("is prepared as a preset says when that is named, without encoder.json", async () => {
    const folder = join(place, "export");
    for (const file of files) await cp(join(tiny, file), join(folder, file));
    const { encoder, description, record } = await loadEncoder({
      spec: `siglip2-b16:${folder}`,
      device: "cpu",
    });
    await encoder.close();
    expect(description.image.resample).toBe("bilinear");
    expect(record).toMatchObject({ source: "folder", folder, model: "google/siglip2-base-patch16-224" });
  });

  it("is refused in one line where something is not there", async () => {
    const load = (spec: string, more = {}) => loadEncoder({ spec, device: "cpu", ...more });
    await expect(load(`onnx:${join(place, "none")}`)).rejects.toThrow(
      /none does not exist; expected the folder of/,
    );
    await expect(load(place)).rejects.toThrow("has no encoder.json");
    await expect(load(`aimv2-l14:${place}`)).rejects.toThrow(
      `${place} lacks onnx/vision_model.onnx, onnx/text_model.onnx, tokenizer.json, tokenizer_config.json, which the preset aimv2-l14 names; put them there`,
    );
    await expect(load("onnx:")).rejects.toThrow('"onnx:" names no folder; expected onnx:<folder>');
    await expect(load(tiny, { revision: "main" })).rejects.toThrow("--revision is of files on the hub");
    await expect(load(tiny, { dtype: "fp16" })).rejects.toThrow(/fp16|one number type/);
  });
});

it("the small towers come with the package", async () => {
  const { encoder, record } = await loadEncoder({ spec: "small", device: "cpu", threads: 1 });
  const rows = await encoder.text.run(["a red circle"]);
  await encoder.close();
  expect(rows.length).toBe(encoder.dimension);
  expect(record).toMatchObject({
    spec: "small",
    source: "package",
    folder: null,
    dtype: null,
    revision: null,
  });
  expect(record.reason).toBe("cpu (asked for), in the number type of its files");
});

it("an unknown name lists the known ones", async () => {
  await expect(loadEncoder({ spec: "clip", device: "cpu" })).rejects.toThrow(
    /there is no encoder "clip"; expected small, clip-b32, .*aimv2-l14:<folder>, or onnx:<folder>/,
  );
  await expect(loadEncoder({ spec: "apple/aimv2-large-patch14-224-lit", device: "cpu" })).rejects.toThrow(
    /published without ONNX networks; .*aimv2-l14:<folder>/,
  );
});
