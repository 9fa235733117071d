import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { bytesInMemory } from "./byte-source.ts";
import { rowsOf } from "./matrix.ts";
import {
  matrixTensors,
  readFloats,
  readSafetensorsHeader,
  readTensor,
  safetensorsMatrix,
  writeSafetensors,
  type TensorToWrite,
} from "./safetensors.ts";
import { allRows, expectedMatrix, fixture, fixtureBytes, truncated } from "./testing/fixtures.ts";

describe("reading safetensors", () => {
  it.each(["image.f16", "image.bf16", "image.f32", "image.f64"])("reads %s", async (name) => {
    const source = fixture("types.safetensors");
    const header = await readSafetensorsHeader(source);
    const { shape, values } = expectedMatrix(`types.safetensors#${name}`);
    expect(await allRows(rowsOf(safetensorsMatrix(source, header.tensors.get(name)!)))).toEqual(values);
    expect(await readFloats(source, header, name)).toEqual({ shape, data: values });
  });

  it("reads whole numbers, scalars and the metadata", async () => {
    const source = fixture("types.safetensors");
    const header = await readSafetensorsHeader(source);
    const data = async (name: string) => (await readTensor(source, header, name)).data;
    expect(await data("count")).toEqual(BigInt64Array.of(0n, 1n, 2n, 3n));
    expect(await data("small")).toEqual(Int32Array.of(1, -2, 3));
    expect(await data("unsigned")).toEqual(Uint32Array.of(1, 4294967295));
    expect(await data("bytes")).toEqual(Uint8Array.of(0, 255));
    expect(header.tensors.get("scalar")?.shape).toEqual([]);
    expect(await data("scalar")).toEqual(Float32Array.of(0.25));
    expect(header.metadata).toEqual({ "made by": "safetensors" });
    expect(
      matrixTensors(header)
        .map((entry) => entry.name)
        .toSorted(),
    ).toEqual(["image.bf16", "image.f16", "image.f32", "image.f64"]);
  });

  it("names the tensors there are when one is missing or of another type", async () => {
    const source = fixture("single.safetensors");
    const header = await readSafetensorsHeader(source);
    await expect(readTensor(source, header, "W_dec")).rejects.toThrow(
      'has no tensor "W_dec"; it has embeddings',
    );
    const types = fixture("types.safetensors");
    await expect(readFloats(types, await readSafetensorsHeader(types), "small")).rejects.toThrow(
      "types.safetensors#small is I32; expected F16, BF16, F32 or F64",
    );
  });

  it("refuses files that are cut off anywhere", async () => {
    const { length } = fixtureBytes("single.safetensors");
    for (let missing = 1; missing <= length; missing++) {
      await expect(readSafetensorsHeader(truncated("single.safetensors", missing))).rejects.toThrow(
        /truncated|expected a safetensors file/,
      );
    }
  });

  const entry = (value: unknown): Uint8Array<ArrayBuffer> => {
    const json = new TextEncoder().encode(typeof value === "string" ? value : JSON.stringify({ x: value }));
    const bytes = new Uint8Array(8 + json.length + 24);
    new DataView(bytes.buffer).setBigUint64(0, BigInt(json.length), true);
    bytes.set(json, 8);
    return bytes;
  };
  it.each([
    ["a huge header", Uint8Array.from({ length: 64 }, () => 0xff), "its header would be"],
    ["no JSON", entry("{nonsense"), "its header is no JSON"],
    ["a list", entry("[1, 2]"), "its header is no JSON object"],
    ["an unknown type", entry({ dtype: "F4", shape: [2, 3], data_offsets: [0, 24] }), 'has the type "F4"'],
    [
      "a shape that does not fit",
      entry({ dtype: "F32", shape: [2, 4], data_offsets: [0, 24] }),
      "claims 24 bytes",
    ],
    ["a negative shape", entry({ dtype: "F32", shape: [-2, -3], data_offsets: [0, 24] }), "no valid shape"],
    [
      "offsets beyond the end",
      entry({ dtype: "F32", shape: [2, 3], data_offsets: [24, 48] }),
      "is truncated",
    ],
    [
      "offsets that run backwards",
      entry({ dtype: "F32", shape: [], data_offsets: [8, 4] }),
      "claims -4 bytes",
    ],
    ["no fields", entry(null), "has the type undefined"],
  ])("refuses %s", async (_, bytes, message) => {
    await expect(readSafetensorsHeader(bytesInMemory("x.safetensors", bytes))).rejects.toThrow(message);
  });
});

describe("writing safetensors", () => {
  it("gives tensors of every type back, aligned to their size", async () => {
    const arrays = fc.oneof(
      fc.float32Array({ maxLength: 6 }),
      fc.float64Array({ maxLength: 6 }),
      fc.uint8Array({ maxLength: 6 }),
      fc.int32Array({ maxLength: 6 }),
      fc.uint32Array({ maxLength: 6 }),
      fc.uint16Array({ maxLength: 6 }),
      fc.bigInt64Array({ maxLength: 6 }),
    );
    const named = fc.dictionary(
      fc.string({ minLength: 1 }).filter((name) => name !== "__proto__" && name !== "__metadata__"),
      arrays,
    );
    await fc.assert(
      fc.asyncProperty(named, async (data) => {
        const tensors = new Map<string, TensorToWrite>(
          Object.entries(data).map(([name, array]) => [name, { shape: [array.length], data: array }]),
        );
        const source = bytesInMemory("x.safetensors", writeSafetensors(tensors, { a: "b" }));
        const header = await readSafetensorsHeader(source);
        expect(header.metadata).toEqual({ a: "b" });
        expect([...header.tensors.keys()].toSorted()).toEqual(Object.keys(data).toSorted());
        for (const [name, array] of Object.entries(data)) {
          const read = await readTensor(source, header, name);
          expect(read.data).toEqual(array);
          expect(read.offset % array.BYTES_PER_ELEMENT).toBe(0);
        }
      }),
    );
  });

  it("narrows on request and refuses a shape that does not fit", async () => {
    const data = Float32Array.of(1, 0.5, 1 / 3, -2);
    const bytes = writeSafetensors({
      h: { shape: [2, 2], data, as: "F16" },
      b: { shape: [4], data, as: "BF16" },
    });
    const source = bytesInMemory("x.safetensors", bytes);
    const header = await readSafetensorsHeader(source);
    expect((await readFloats(source, header, "h")).data).toEqual(Float32Array.of(1, 0.5, 0.333251953125, -2));
    expect((await readFloats(source, header, "b")).data).toEqual(Float32Array.of(1, 0.5, 0.333984375, -2));
    expect(() => writeSafetensors({ x: { shape: [3], data } })).toThrow(
      "shape (3) needs 3 numbers, it has 4",
    );
  });
});
