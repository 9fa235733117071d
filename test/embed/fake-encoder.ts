/**
 * An encoder without networks, for tests of what lies around it: an image's embedding is the mean of each
 * colour and a constant, a text's is made of its characters. Pictures are 8 x 8 to the tower.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { parseDescription } from "../../src/encoders/description.ts";
import { createImagePreparation } from "../../src/encoders/image-preparation.ts";
import type { LoadedEncoder } from "../../src/pipeline/encoders/encoder-choice.ts";

export const dimension = 4;
const side = 8;

export const description = parseDescription(
  {
    schemaVersion: 1,
    kind: "encoder",
    model: "fake/means",
    dimension,
    image: {
      network: "none.onnx",
      output: "image",
      resize: { mode: "exact", width: side, height: side },
      resample: "bicubic",
      width: side,
      height: side,
      mean: [0, 0, 0],
      std: [1, 1, 1],
    },
    text: { network: "none.onnx", output: "text", contextLength: 8, padding: "max", padToken: 0 },
  },
  "the fake encoder",
);

export interface FakeOptions {
  /** Waits so long in every batch. */
  readonly milliseconds?: number;
  /** Counts what came through the towers. */
  readonly ran?: { pictures: number; texts: string[] };
  /** Changes what the plan sees of the towers. */
  readonly hash?: string;
}

export async function fakeEncoder({
  milliseconds = 0,
  ran,
  hash = "0",
}: FakeOptions = {}): Promise<LoadedEncoder> {
  const inputLength = 3 * side * side;
  return {
    description,
    record: {
      spec: "fake",
      model: description.model,
      source: "folder",
      repository: null,
      folder: null,
      revision: null,
      dtype: "fp32",
      device: "cpu",
      runtime: "nothing",
      reason: "there is no other",
      normalization: "l2",
      dimension,
      files: [{ path: "none.onnx", bytes: 0, sha256: hash }],
    },
    encoder: {
      model: description.model,
      dimension,
      image: {
        inputLength,
        prepare: createImagePreparation(description.image),
        async run(inputs, count) {
          await sleep(milliseconds);
          if (ran) ran.pictures += count;
          const rows = new Float32Array(count * dimension);
          for (let i = 0; i < count; i++) {
            const plane = side * side;
            for (let channel = 0; channel < 3; channel++) {
              const start = i * inputLength + channel * plane;
              const sum = inputs.subarray(start, start + plane).reduce((total, value) => total + value, 0);
              rows[i * dimension + channel] = sum / plane;
            }
            rows[i * dimension + 3] = 1;
          }
          return unitRows(rows);
        },
      },
      text: {
        prepare: (text) => Int32Array.from(text, (character) => character.codePointAt(0) ?? 0),
        async run(texts) {
          await sleep(milliseconds);
          ran?.texts.push(...texts);
          const rows = texts.flatMap((text) => {
            const row = [0, 0, 0, 1];
            for (let i = 0; i < text.length; i++) row[i % 3] += (text.charCodeAt(i) % 97) / 97;
            // A text for which the tower fails.
            return text.includes("overflow") ? [NaN, 0, 0, 0] : row;
          });
          return unitRows(Float32Array.from(rows));
        },
      },
      close: async () => {},
    },
  };
}

function unitRows(rows: Float32Array): Float32Array {
  for (let at = 0; at < rows.length; at += dimension) {
    const row = rows.subarray(at, at + dimension);
    const norm = Math.hypot(...row);
    for (let i = 0; i < dimension; i++) row[i] /= norm;
  }
  return rows;
}
