import { expect, it } from "vitest";
import { withFixedBatch } from "./fixed-batch.ts";
import type { OnnxSession } from "./onnx-runtime.ts";

/** Doubles rows of two numbers and refuses any other number of rows than `batch`. */
function doubling(batch: number, sizes: number[]): OnnxSession {
  return {
    inputNames: ["x"],
    outputNames: ["y"],
    run: async ({ x }) => {
      if (x?.type !== "float32") throw new Error("no float32");
      sizes.push(x.dims[0] ?? 0);
      if (x.dims[0] !== batch || x.data.length !== 2 * batch) throw new Error(`${x.dims.join(" x ")} rows`);
      return { dims: [batch, 2], data: x.data.map((value) => 2 * value) };
    },
    close: async () => {},
  };
}

it.each([1, 2, 3, 4])("a network for %i inputs at a time runs any number of them", async (batch) => {
  for (const count of [1, 2, 3, 4, 7]) {
    const sizes: number[] = [];
    const session = withFixedBatch(doubling(batch, sizes), batch);
    const data = Float32Array.from({ length: 2 * count }, (_, i) => i);
    const output = await session.run({ x: { type: "float32", dims: [count, 2], data } }, "y");
    expect(output.dims).toEqual([count, 2]);
    expect(output.data).toEqual(data.map((value) => 2 * value));
    expect(sizes).toEqual(Array.from({ length: Math.ceil(count / batch) }, () => batch));
  }
});

it("a network that takes any number gets them at once", async () => {
  const session = doubling(5, []);
  expect(withFixedBatch(session, null)).toBe(session);
});
