import { describe, expect, test } from "vitest";
import { parseDescription, type EncoderDescriptionInput } from "./description.ts";
import { createImageTower, createTextTower } from "./onnx-encoder.ts";
import type { OnnxRuntime, OnnxTensor } from "./onnx-runtime.ts";

const vocabulary = ["<pad>", "a", "b", "c", "<end>"];
const tokenizer = JSON.stringify({
  version: "1.0",
  added_tokens: [{ id: 4, content: "<end>", special: true, normalized: false }],
  normalizer: null,
  pre_tokenizer: null,
  post_processor: {
    type: "TemplateProcessing",
    single: [{ Sequence: { id: "A", type_id: 0 } }, { SpecialToken: { id: "<end>", type_id: 0 } }],
    pair: [],
    special_tokens: {},
  },
  decoder: null,
  model: {
    type: "BPE",
    vocab: Object.fromEntries(vocabulary.map((token, i) => [token, i])),
    merges: [],
    unk_token: "<pad>",
  },
});

function described(change: Partial<EncoderDescriptionInput> = {}) {
  return parseDescription(
    {
      schemaVersion: 1,
      kind: "encoder",
      model: "own",
      dimension: 2,
      image: {
        network: "image.onnx",
        resize: { mode: "exact", width: 1, height: 1 },
        resample: "bilinear",
        width: 1,
        height: 1,
        mean: [0, 0, 0],
        std: [1, 1, 1],
      },
      text: { network: "text.onnx", contextLength: 4, padding: "longest", padToken: 0 },
      ...change,
    },
    "encoder.json",
  );
}

/** A network that notes what it is fed and gives the same rows always. */
function fake(inputNames: string[], outputNames: string[], dims: number[], data: number[]) {
  const fed: Record<string, OnnxTensor>[] = [];
  let opened = 0;
  const runtime: OnnxRuntime = {
    description: "fake",
    async open() {
      opened++;
      return {
        inputNames,
        outputNames,
        async run(feeds) {
          fed.push(feeds);
          return { dims, data: Float32Array.from(data) };
        },
        close: async () => {},
      };
    },
  };
  return { runtime, fed, opened: () => opened };
}

const files = { network: async (name: string) => name, text: async () => tokenizer };

describe("texts", () => {
  test("need room beside the tokens around them", async () => {
    const { text } = described();
    const description = described({ text: { ...text, contextLength: 1 } });
    const { runtime } = fake(["input_ids"], ["out"], [1, 2], [1, 2]);
    await expect(createTextTower({ description, files, runtime })).rejects.toThrow(
      "text.contextLength is 1, and tokenizer.json puts 1 tokens around every text",
    );
  });

  test("are cut with their end kept, padded to the longest and masked", async () => {
    const network = fake(["input_ids", "attention_mask"], ["rows"], [2, 2], [3, 4, 0, 0]);
    const tower = await createTextTower({ description: described(), files, runtime: network.runtime });
    const rows = await tower.run(["abcabc", "b"]);
    expect(network.fed).toEqual([
      {
        input_ids: { type: "int64", dims: [2, 4], data: BigInt64Array.of(1n, 2n, 3n, 4n, 2n, 4n, 0n, 0n) },
        attention_mask: {
          type: "int64",
          dims: [2, 4],
          data: BigInt64Array.of(1n, 1n, 1n, 1n, 1n, 1n, 0n, 0n),
        },
      },
    ]);
    // To unit length; a row of zeros stays one.
    expect([...rows]).toEqual([Math.fround(0.6), Math.fround(0.8), 0, 0]);
  });

  test("need no network while there are none, and open it once", async () => {
    const network = fake(["input_ids"], ["rows"], [1, 2], [1, 0]);
    const tower = await createTextTower({ description: described(), files, runtime: network.runtime });
    expect((await tower.run([])).length).toBe(0);
    expect(network.opened()).toBe(0);
    await Promise.all([tower.run(["a"]), tower.run(["b"])]);
    expect(network.opened()).toBe(1);
    expect(Object.keys(network.fed[0])).toEqual(["input_ids"]);
  });

  test("with a tokenizer that is none are refused", async () => {
    const broken = { ...files, text: async () => "[1, 2" };
    const { runtime } = fake([], [], [], []);
    await expect(createTextTower({ description: described(), files: broken, runtime })).rejects.toThrow(
      /tokenizer\.json is no tokenizer that can be read .*; expected a tokenizer\.json of Hugging Face/,
    );
  });
});

describe("a network that is not what the description says", () => {
  test.each([
    [["pixels"], ["rows"], [1, 2], "image.onnx takes pixels, and the description gives pixel_values"],
    [["pixel_values", "more"], ["rows"], [1, 2], "image.onnx takes pixel_values, more"],
    [["pixel_values"], ["rows", "others"], [1, 2], "image.onnx has several outputs; it has rows, others"],
    [["pixel_values"], ["rows"], [1, 3], "image.onnx gives 1 x 3 numbers for 1 inputs; expected 1 x 2"],
    [
      ["pixel_values"],
      ["rows"],
      [1, 5, 2],
      "image.onnx gives 1 x 5 x 2 numbers for 1 inputs; expected 1 x 2",
    ],
  ])("inputs %j, outputs %j, rows %j", async (inputs, outputs, dims, message) => {
    const { runtime } = fake(inputs, outputs, dims, [1, 2, 3]);
    const tower = createImageTower({ description: described(), files, runtime });
    await expect(tower.run(new Float32Array(3), 1)).rejects.toThrow(message);
  });

  test("an output that is not there", async () => {
    const { image } = described();
    const { runtime } = fake(["pixel_values"], ["rows"], [1, 2], [1, 2]);
    const tower = createImageTower({
      description: { ...described(), image: { ...image, output: "image_embeds" } },
      files,
      runtime,
    });
    await expect(tower.run(new Float32Array(3), 1)).rejects.toThrow(
      'image.onnx has no output "image_embeds"; it has rows: name one of them in the description',
    );
  });

  test("and inputs that do not fit", async () => {
    const { runtime } = fake(["pixel_values"], ["rows"], [1, 2], [1, 2]);
    const tower = createImageTower({ description: described(), files, runtime });
    await expect(tower.run(new Float32Array(4), 1)).rejects.toThrow(
      "1 prepared pictures come with 4 numbers; expected 3",
    );
  });
});
