import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { bytesInMemory } from "./byte-source.ts";
import { narrowToHalves } from "./float16.ts";
import { rowsOf } from "./matrix.ts";
import { npyMatrix, readNpyHeader, writeNpy } from "./npy.ts";
import { allRows, expectedMatrix, fixture, fixtureBytes, truncated } from "./testing/fixtures.ts";

const written = ["f2", "f4", "f8"].flatMap((type) =>
  ["le", "be"].flatMap((bytes) => ["c", "f"].map((memory) => `${type}-${bytes}-${memory}.npy`)),
);

describe("reading .npy", () => {
  it.each([...written, "version-1.npy", "version-2.npy", "version-3.npy"])(
    "reads %s as NumPy does",
    async (name) => {
      const { shape, values } = expectedMatrix(name);
      const rows = rowsOf(await npyMatrix(fixture(name)));
      expect([rows.rows, rows.columns]).toEqual(shape);
      expect(await allRows(rows)).toEqual(values);
    },
  );

  it.each(written)("reads ranges and scattered rows of %s", async (name) => {
    const { values } = expectedMatrix(name);
    const rows = rowsOf(await npyMatrix(fixture(name)));
    const out = new Float32Array(20).fill(9);
    await rows.readRange(1, 3, out, 1);
    expect(out).toEqual(Float32Array.of(9, ...values.subarray(6, 24), 9));
    await rows.gather(new Uint32Array([4, 0, 1]), out, 2);
    expect(out.subarray(2)).toEqual(Float32Array.of(...values.subarray(24, 30), ...values.subarray(0, 12)));
    await expect(rows.readRange(3, 3, out)).rejects.toThrow("rows 3 to 5 asked for, it has 5");
  });

  it("reads a matrix without rows", async () => {
    const matrix = await npyMatrix(fixture("empty.npy"));
    expect([matrix.rows, matrix.columns]).toEqual([0, 6]);
  });

  it.each([
    ["one-dimension.npy", "one-dimension.npy has 1 dimensions, shape (6); expected 2"],
    ["integers.npy", 'integers.npy holds integers ("<i8"); expected float16, float32 or float64'],
    ["objects.npy", 'objects.npy holds Python objects ("|O")'],
    ["structured.npy", "structured.npy holds a structured array"],
    ["types.safetensors", "types.safetensors is no .npy file: it starts with"],
  ])("refuses %s", async (name, message) => {
    await expect(npyMatrix(fixture(name))).rejects.toThrow(message);
  });

  it("refuses files that are cut off anywhere", async () => {
    const { length } = fixtureBytes("f4-le-c.npy");
    for (let missing = 1; missing <= length; missing++) {
      await expect(npyMatrix(truncated("f4-le-c.npy", missing)), `${missing} bytes missing`).rejects.toThrow(
        /truncated|damaged|no \.npy file/,
      );
    }
  });

  it("refuses a header that claims more than there is", async () => {
    const bytes = fixtureBytes("version-2.npy");
    new DataView(bytes.buffer).setUint32(8, 0xfffffff0, true);
    await expect(readNpyHeader(bytesInMemory("x.npy", bytes))).rejects.toThrow(
      "its header claims 4,294,967,280 bytes, the file has 248",
    );
    const text = String.fromCharCode(...fixtureBytes("f4-le-c.npy"));
    for (const shape of ["(9, 6)", "(5, 999999999999)", "(99999999999999999999, 6)"]) {
      const lying = Uint8Array.from(text.replace("(5, 6), }".padEnd(30), `${shape}, }`.padEnd(30)), (c) =>
        c.charCodeAt(0),
      );
      await expect(npyMatrix(bytesInMemory("x.npy", lying)), shape).rejects.toThrow(
        /truncated|expected whole numbers/,
      );
    }
  });
});

describe("writing .npy", () => {
  it("gives float32 and float16 matrices of any shape back", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.nat(7),
        fc.integer({ min: 1, max: 9 }),
        fc.boolean(),
        fc.infiniteStream(fc.float()),
        async (n, d, half, stream) => {
          const values = Float32Array.from({ length: n * d }, () => stream.next().value);
          const bits = new Uint16Array(values.length);
          narrowToHalves(values, bits);
          const data = half ? bits : values;
          const matrix = await npyMatrix(bytesInMemory("x.npy", writeNpy(data, [n, d])));
          expect([matrix.rows, matrix.columns, matrix.type]).toEqual([n, d, half ? "float16" : "float32"]);
          const read = await allRows(rowsOf(matrix));
          const again = new Uint16Array(values.length);
          narrowToHalves(read, again);
          if (half) expect(again).toEqual(bits);
          else expect(read).toEqual(values);
        },
      ),
    );
  });

  it("writes the bytes that NumPy writes", () => {
    const { values } = expectedMatrix("f4-le-c.npy");
    expect(writeNpy(values, [5, 6])).toEqual(fixtureBytes("f4-le-c.npy"));
  });
});
