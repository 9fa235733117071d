/** The towers in assets/towers: what PyTorch gave, the same in the browser's runtime, and the promised recall. */
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { Random } from "../../src/base/random.ts";
import type { Encoder, Pixels } from "../../src/encoders/encoder.ts";
import { createOnnxEncoder } from "../../src/encoders/onnx-encoder.ts";
import type { OnnxRuntime } from "../../src/encoders/onnx-runtime.ts";
import { wrapSession } from "../../src/encoders/onnx-session.ts";
import { describe as caption } from "../../src/pipeline/demo/caption.ts";
import { drawPicture } from "../../src/pipeline/demo/picture.ts";
import { drawScene } from "../../src/pipeline/demo/scene.ts";
import { loadEncoder } from "../../src/pipeline/encoders/load-encoder.ts";
import type { LoadedEncoder } from "../../src/pipeline/encoders/encoder-choice.ts";
import { decodePicture } from "../../src/platform/node/decode-picture.ts";

const towers = new URL("../../assets/towers/", import.meta.url);
const rows = z.array(z.array(z.number()));
const reference = z
  .object({
    texts: z.array(z.string()),
    ids: rows,
    textEmbeddings: rows,
    sizes: z.array(z.tuple([z.number(), z.number()])),
    imageEmbeddings: rows,
  })
  .parse(
    JSON.parse(await readFile(new URL("../fixtures/encoders/small-towers.json", import.meta.url), "utf8")),
  );

let loaded: LoadedEncoder;
beforeAll(async () => {
  loaded = await loadEncoder({ spec: "small", device: "cpu", threads: 1 });
});
afterAll(() => loaded.encoder.close());

describe("the small towers", () => {
  it("number the pieces of difficult texts as Hugging Face's own tokenizers do", () => {
    expect(reference.texts.map((text) => [...loaded.encoder.text.prepare(text)])).toEqual(reference.ids);
  });

  it("give the embeddings that PyTorch gave, in Node and in the browser's runtime", async () => {
    const browser = await createOnnxEncoder({
      description: loaded.description,
      runtime: await webRuntime(),
      files: {
        network: async (name) => readFile(new URL(name, towers)),
        text: (name) => readFile(new URL(name, towers), "utf8"),
      },
    });
    for (const encoder of [loaded.encoder, browser]) {
      expect(largestDifference(await embedPatterns(encoder), reference.imageEmbeddings)).toBeLessThan(1e-4);
      const texts = await encoder.text.run(reference.texts);
      expect(largestDifference(texts, reference.textEmbeddings)).toBeLessThan(1e-4);
    }
    await browser.close();
  });

  it("find the picture of a caption first among 200 unseen ones at least six times of ten", async () => {
    const { encoder } = loaded;
    const scenery = Random.of(90_210, "demo scenes");
    const speech = Random.of(90_210, "demo captions");
    const scenes = Array.from({ length: 200 }, () => drawScene(scenery));
    const pictures = await Promise.all(
      scenes.map((scene) => decodePicture(Buffer.from(drawPicture(scene)), { name: "a scene" })),
    );
    const images = await embedPictures(encoder, pictures);
    const texts = await encoder.text.run(scenes.map((scene) => caption(speech, scene).text));
    const d = encoder.dimension;
    const first = scenes.filter((_, t) => {
      const cosines = scenes.map((_, i) => dot(images, i * d, texts, t * d, d));
      return cosines.every((cosine, i) => i === t || cosine < cosines[t]);
    });
    expect(first.length / scenes.length).toBeGreaterThanOrEqual(0.6);
  });
});

/** The patterns of test/fixtures/make/small_towers.py. */
function embedPatterns(encoder: Encoder): Promise<Float32Array> {
  const pictures = reference.sizes.map(([width, height]) => {
    const data = new Uint8Array(width * height * 3);
    for (let i = 0; i < data.length; i++) {
      const channel = i % 3;
      const x = ((i - channel) / 3) % width;
      const y = Math.floor(i / (3 * width));
      data[i] = (x * (3 + channel) + y * (5 - channel) + Math.floor((x * y) / 7)) % 256;
    }
    return { width, height, data };
  });
  return embedPictures(encoder, pictures);
}

function embedPictures({ image }: Encoder, pictures: readonly Pixels[]): Promise<Float32Array> {
  const inputs = new Float32Array(pictures.length * image.inputLength);
  for (const [i, pixels] of pictures.entries()) inputs.set(image.prepare(pixels), i * image.inputLength);
  return image.run(inputs, pictures.length);
}

function largestDifference(found: Float32Array, expected: readonly (readonly number[])[]): number {
  const flat = expected.flat();
  expect(found.length).toBe(flat.length);
  return flat.reduce((most, value, i) => Math.max(most, Math.abs(value - found[i])), 0);
}

function dot(a: Float32Array, atA: number, b: Float32Array, atB: number, length: number): number {
  let sum = 0;
  for (let i = 0; i < length; i++) sum += a[atA + i] * b[atB + i];
  return sum;
}

/** WebAssembly, as in a page without cross-origin isolation. */
async function webRuntime(): Promise<OnnxRuntime> {
  const ort = await import("onnxruntime-web");
  ort.env.wasm.numThreads = 1;
  return {
    description: "onnxruntime-web, wasm",
    async open(model) {
      if (typeof model === "string") throw new Error(`expected bytes, not ${fileURLToPath(model)}`);
      const session = await ort.InferenceSession.create(model, { executionProviders: ["wasm"] });
      return wrapSession(session, (type, data, dims) => new ort.Tensor(type, data, dims));
    },
  };
}
