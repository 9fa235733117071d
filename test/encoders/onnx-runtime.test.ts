import { readFile } from "node:fs/promises";
import { describe, expect, test } from "vitest";
import { wrapSession, type OrtTensor } from "../../src/encoders/onnx-session.ts";
import { createNodeOnnxRuntime } from "../../src/platform/node/onnx-runtime.ts";
import { fixtures } from "./tiny-towers.ts";

const network = `${fixtures}clip/onnx/text_model.onnx`;
const feeds = {
  input_ids: { type: "int64", dims: [1, 3], data: BigInt64Array.of(632n, 5n, 633n) },
} as const;

describe("onnxruntime-node", () => {
  test("says what runs a network and why", async () => {
    const runtime = await createNodeOnnxRuntime({ provider: "cpu", threads: 1 });
    expect(runtime.description).toMatch(/^onnxruntime-node \d+\.\d+\.\d+, cpu, 1 thread$/);
    expect(runtime.reason).toBe("asked for");
    const chosen = await createNodeOnnxRuntime();
    expect(["cpu", "cuda", "dml"]).toContain(chosen.provider);
    expect(chosen.reason).not.toBe("");
  });

  test("runs a network from a path as from its bytes", async () => {
    const runtime = await createNodeOnnxRuntime({ provider: "cpu", threads: 1 });
    const fromPath = await runtime.open(network);
    const fromBytes = await runtime.open(await readFile(network));
    const row = await fromPath.run(feeds, "text_embeds");
    expect(row.dims).toEqual([1, 16]);
    expect(await fromBytes.run(feeds, "text_embeds")).toEqual(row);
    await Promise.all([fromPath.close(), fromBytes.close()]);
  });

  test("runs a network in half precision", async () => {
    // y = x + x of one float16 number, made with onnx.helper.
    const doubling = "CAg6NQoOCgF4CgF4EgF5IgNBZGQSAXBaDwoBeBIKCggIChIECgIIAWIPCgF5EgoKCAgKEgQKAggBQgQKABAN";
    const runtime = await createNodeOnnxRuntime({ provider: "cpu", threads: 1 });
    const session = await runtime.open(Buffer.from(doubling, "base64"));
    const x = { type: "float32", dims: [1], data: Float32Array.of(1.5) } as const;
    expect((await session.run({ x }, "y")).data).toEqual(Float32Array.of(3));
    await session.close();
  });

  test("names a network that cannot be opened", async () => {
    const runtime = await createNodeOnnxRuntime({ provider: "cpu", threads: 1 });
    await expect(runtime.open(`${fixtures}nothing.onnx`)).rejects.toMatchObject({
      code: "bad-input",
      message: expect.stringMatching(/nothing\.onnx cannot be opened: .*/),
    });
    await expect(runtime.open(Uint8Array.of(1, 2, 3))).rejects.toThrow("the network cannot be opened");
  });

  test("refuses a provider that this system does not have", async () => {
    const absent = process.platform === "win32" ? "coreml" : "dml";
    await expect(createNodeOnnxRuntime({ provider: absent })).rejects.toMatchObject({
      code: "missing-part",
      message: expect.stringContaining(`onnxruntime-node offers no ${absent} on this system; it offers cpu`),
    });
  });
});

describe("number types of a network", () => {
  const made: unknown[] = [];
  const tensor = (type: string, data: unknown, dims: readonly number[]): OrtTensor => {
    made.push([type, data]);
    return { type, data, dims, dispose: () => {} };
  };
  const session = (output: OrtTensor) =>
    wrapSession(
      {
        inputNames: ["x"],
        outputNames: ["y"],
        inputMetadata: [
          { name: "pixels", isTensor: true, type: "float16" },
          { name: "tokens", isTensor: true, type: "int32" },
        ],
        run: async () => ({ y: output }),
        release: async () => {},
      },
      tensor,
    );

  test("are converted on the way in and out", async () => {
    const halves = { ...tensor("float16", Uint16Array.of(0x3c00, 0xc000), [1, 2]) };
    made.length = 0;
    const { data } = await session(halves).run(
      {
        pixels: { type: "float32", dims: [1], data: Float32Array.of(1.5) },
        tokens: { type: "int64", dims: [2], data: BigInt64Array.of(3n, 49407n) },
      },
      "y",
    );
    expect(made).toEqual([
      ["float16", Uint16Array.of(0x3e00)],
      ["int32", Int32Array.of(3, 49407)],
    ]);
    expect(data).toEqual(Float32Array.of(1, -2));
  });

  test("other outputs are refused", async () => {
    await expect(session(tensor("int64", BigInt64Array.of(1n), [1])).run({}, "y")).rejects.toThrow(
      'the network\'s output "y" is int64; expected float32 or float16 numbers',
    );
  });
});
