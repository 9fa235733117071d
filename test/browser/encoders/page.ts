/** Embeds pictures and captions on a page, as the explorer does; called by encoders.test.ts. */
import { parseDescription } from "../../../src/encoders/description.ts";
import { createOnnxEncoder } from "../../../src/encoders/onnx-encoder.ts";
import { decodePicture } from "../../../src/platform/web/decode-picture.ts";
import { createWebOnnxRuntime } from "../../../src/platform/web/onnx-runtime.ts";

const fetched = async (path: string): Promise<Response> => {
  const response = await fetch(path);
  if (!response.ok) throw new Error(`${path}: ${response.status}`);
  return response;
};

async function embedOnPage(folder: string, pictures: string[], captions: string[]) {
  const runtime = await createWebOnnxRuntime({
    load: () => import("onnxruntime-web/wasm"),
    wasm: "/ort.wasm",
  });
  const encoder = await createOnnxEncoder({
    description: parseDescription(await (await fetched(`${folder}/encoder.json`)).json(), folder),
    files: {
      network: async (name) => new Uint8Array(await (await fetched(`${folder}/${name}`)).arrayBuffer()),
      text: async (name) => (await fetched(`${folder}/${name}`)).text(),
    },
    runtime,
  });
  const images: number[][] = [];
  for (const picture of pictures) {
    const pixels = await decodePicture(await (await fetched(`/pictures/${picture}`)).blob());
    images.push([...(await encoder.image.run(encoder.image.prepare(pixels), 1))]);
  }
  const rows = await encoder.text.run(captions);
  const texts = captions.map((_, i) => [
    ...rows.subarray(i * encoder.dimension, (i + 1) * encoder.dimension),
  ]);
  return { runtime: runtime.description, images, texts };
}

/** A file to the size and SHA-256 of its pixels, or to the message of the error; `share` of it is kept. */
async function decodeOnPage(picture: string, transparency: "drop" | "white", share: number) {
  const whole = await (await fetched(`/pictures/${picture}`)).blob();
  try {
    const options = { transparency, name: picture };
    const { width, height, data } = await decodePicture(
      whole.slice(0, whole.size * share, whole.type),
      options,
    );
    const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", Uint8Array.from(data)));
    return { width, height, sha256: Array.from(hash, (byte) => byte.toString(16).padStart(2, "0")).join("") };
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

async function drawOnPage(svg: string) {
  const { width, height, data } = await decodePicture(new Blob([svg]));
  return { width, height, data: [...data] };
}

Object.assign(globalThis, { embedOnPage, decodeOnPage, drawOnPage });
export type EmbedOnPage = typeof embedOnPage;
export type DecodeOnPage = typeof decodeOnPage;
export type DrawOnPage = typeof drawOnPage;
