import { expect, test } from "vitest";
import { networkFile, parseDescription, type EncoderDescriptionInput } from "./description.ts";

const minimal: EncoderDescriptionInput = {
  schemaVersion: 1,
  kind: "encoder",
  model: "own",
  dimension: 8,
  image: {
    network: { fp32: "image.onnx", q8: "image-q8.onnx" },
    resize: { mode: "exact", width: 32, height: 32 },
    resample: "bicubic",
    width: 32,
    height: 32,
    mean: [0, 0, 0],
    std: [1, 1, 1],
  },
  text: { network: "text.onnx", contextLength: 16, padding: "max", padToken: 0 },
};

test("a description gets the defaults of the hub", () => {
  expect(parseDescription(minimal, "encoder.json")).toMatchObject({
    normalization: "l2",
    image: { input: "pixel_values", pooling: "none", transparency: "drop", rescale: 1 / 255 },
    text: { input: "input_ids", mask: "attention_mask", tokenizer: "tokenizer.json", canonicalize: "none" },
  });
});

test.each([
  [{ ...minimal, dimension: 0 }, "encoder.json is no encoder description of schema version 1: dimension: "],
  [{ ...minimal, dimensions: 8 }, 'Unrecognized key: "dimensions"'],
  [{ ...minimal, image: { ...minimal.image, std: [1, 0, 1] } }, "image.std.1: "],
  [{ ...minimal, text: { ...minimal.text, pooling: "end" } }, 'text.pooling is "end" without text.endToken'],
  [null, "encoder.json is no encoder description"],
])("%# is refused with the field that is wrong", (value, message) => {
  expect(() => parseDescription(value, "encoder.json")).toThrow(message);
});

test("a network is found by its precision, and a missing one named", () => {
  const { image, text } = parseDescription(minimal, "encoder.json");
  expect(networkFile(image, "q8")).toBe("image-q8.onnx");
  expect(networkFile(text, "fp16")).toBe("text.onnx");
  expect(() => networkFile(image, "fp16")).toThrow(
    "there is no network of precision fp16; the description has fp32, q8",
  );
});
