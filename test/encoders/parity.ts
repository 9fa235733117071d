/** How near the embeddings of one family's tiny towers are to those of transformers. */
import { createOnnxEncoder } from "../../src/encoders/onnx-encoder.ts";
import type { OnnxRuntime } from "../../src/encoders/onnx-runtime.ts";
import { decodePicture } from "../../src/platform/node/decode-picture.ts";
import { cosine, expected, picturePath, tinyDescription, tinyFiles, type FamilyName } from "./tiny-towers.ts";

/** Name of an input and the cosine of its embedding. */
export type Parity = readonly (readonly [input: string, cosine: number])[];

/** Every picture and every caption, from the file to the row. */
export async function parityOf(
  name: FamilyName,
  runtime: OnnxRuntime,
): Promise<{ readonly images: Parity; readonly texts: Parity }> {
  const reference = expected.families[name];
  const encoder = await createOnnxEncoder({
    description: await tinyDescription(name),
    files: tinyFiles(name),
    runtime,
  });
  const { dimension } = encoder;
  const pictures = Object.entries(reference.images);
  const length = encoder.image.inputLength;
  const inputs = new Float32Array(pictures.length * length);
  for (const [i, [file]] of pictures.entries()) {
    inputs.set(encoder.image.prepare(await decodePicture(picturePath(file))), i * length);
  }
  const images = await encoder.image.run(inputs, pictures.length);
  const texts = await encoder.text.run(expected.captions);
  await encoder.close();
  const row = (rows: Float32Array, i: number) => rows.subarray(i * dimension, (i + 1) * dimension);
  return {
    images: pictures.map(([file, wanted], i) => [file, cosine(row(images, i), wanted)]),
    texts: expected.captions.map((caption, i) => [
      JSON.stringify(caption.slice(0, 40)),
      cosine(row(texts, i), reference.texts[i]),
    ]),
  };
}

/** The input with the smallest cosine. */
export function worstOf(parity: Parity): readonly [input: string, cosine: number] {
  return parity.reduce((worst, entry) => (entry[1] < worst[1] ? entry : worst));
}
