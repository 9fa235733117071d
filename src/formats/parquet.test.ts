import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { bytesInMemory } from "./byte-source.ts";
import { parquetRows } from "./parquet-matrix.ts";
import { floatListColumns, floatListType } from "./parquet-pages.ts";
import { parquetColumn, readParquet, readParquetMetadata, writeParquet } from "./parquet.ts";
import type { Cell } from "./table.ts";
import { allRows, expectedMatrix, fixture, fixtureBytes, truncated } from "./testing/fixtures.ts";

describe("Parquet tables", () => {
  it("reads what pandas writes; raw bytes are left out", async () => {
    const table = await readParquet(fixture("items.parquet"));
    expect(Object.fromEntries(table.columns)).toEqual({
      image_path: ["a.png", "sub/b.png", "c.png"],
      caption: ["a red square", null, 'two "blue" circles, große'],
      width: [640, 800, 1024],
      score: [0.5, null, 1.5],
      safe: [true, false, true],
      tags: ['["x","y"]', "[]", '["z"]'],
      when: ["2024-01-02T00:00:00.000Z", "2024-01-03T00:00:00.000Z", "2024-01-04T00:00:00.000Z"],
    });
    expect(table.leftOut).toEqual([{ column: "picture", reason: "binary" }]);
  });

  it("gives columns of every type back, whatever the size of row groups", async () => {
    const columnOf = <T extends Cell>(cell: fc.Arbitrary<T>) =>
      fc.array(fc.option(cell), { minLength: 7, maxLength: 7 });
    const record = fc.record({
      text: columnOf(fc.string()),
      whole: columnOf(fc.integer()),
      real: columnOf(fc.double({ noNaN: true })),
      flag: columnOf(fc.boolean()),
    });
    await fc.assert(
      fc.asyncProperty(record, fc.integer({ min: 1, max: 9 }), async (data, rowGroupSize) => {
        const columns = Object.entries(data).map(([name, cells]) => parquetColumn(name, cells));
        const source = bytesInMemory("x.parquet", writeParquet(columns, { rowGroupSize }));
        const table = await readParquet(source);
        expect(Object.fromEntries(table.columns)).toEqual(data);
        const part = await readParquet(source, { columns: ["text"], rowStart: 2, rowEnd: 5 });
        expect([...part.columns]).toEqual([["text", data.text.slice(2, 5)]]);
      }),
    );
  });

  it("stores a column of mixed types as text", () => {
    expect(parquetColumn("x", [1, "a", null, true])).toMatchObject({
      type: "STRING",
      data: ["1", "a", null, "true"],
    });
    expect(parquetColumn("x", [1, 2 ** 31]).type).toBe("DOUBLE");
    expect(parquetColumn("x", [null]).type).toBe("STRING");
  });

  it("reads and writes a table without rows", async () => {
    const bytes = writeParquet([{ name: "row", type: "INT32", data: new Int32Array(0), nullable: false }]);
    const table = await readParquet(bytesInMemory("x.parquet", bytes));
    expect(table.rows).toBe(0);
    expect(table.columns.get("row")).toEqual([]);
  });

  it("refuses files that are cut off or no Parquet", async () => {
    const { length } = fixtureBytes("items.parquet");
    for (let missing = 1; missing <= length; missing += 101) {
      await expect(readParquetMetadata(truncated("items.parquet", missing))).rejects.toThrow(
        "items.parquet is no readable Parquet file",
      );
    }
    await expect(readParquetMetadata(fixture("types.safetensors"))).rejects.toThrow(
      'it does not start with "PAR1"',
    );
    const lying = fixtureBytes("items.parquet");
    new DataView(lying.buffer).setUint32(length - 8, 0x7fffffff, true);
    await expect(readParquetMetadata(bytesInMemory("x.parquet", lying))).rejects.toThrow("metadata length");
  });
});

describe("matrices in Parquet", () => {
  const files = [
    "none",
    "snappy",
    "gzip",
    "zstd",
    "brotli",
    "lz4",
    "pages-v2",
    "byte-stream-split",
    "double",
  ];
  it.each(files)("reads the list column of %s.parquet as PyArrow does", async (name) => {
    const source = fixture(`${name}.parquet`);
    const metadata = await readParquetMetadata(source);
    expect(floatListColumns(metadata)).toEqual(["embedding"]);
    const rows = await parquetRows(source, metadata, "embedding");
    const { shape, values } = expectedMatrix("wide");
    expect([rows.rows, rows.columns]).toEqual(shape);
    expect(await allRows(rows)).toEqual(values);
  });

  it("reads half precision", async () => {
    const source = fixture("half.parquet");
    const metadata = await readParquetMetadata(source);
    expect(floatListType(metadata, "embedding")).toBe("float16");
    const rows = await parquetRows(source, metadata, "embedding");
    expect(await allRows(rows)).toEqual(expectedMatrix("half").values);
  });

  it("reads ranges forwards and backwards, and scattered rows", async () => {
    const source = fixture("snappy.parquet");
    const rows = await parquetRows(source, await readParquetMetadata(source), "embedding");
    const { values } = expectedMatrix("wide");
    for (const [start, count] of [
      [0, 3],
      [3, 250],
      [450, 50],
      [10, 5],
      [199, 3],
      [0, 500],
    ] as const) {
      const out = new Float32Array(count * 6);
      await rows.readRange(start, count, out);
      expect(out).toEqual(values.subarray(start * 6, (start + count) * 6));
    }
    const picked = new Float32Array(18);
    await rows.gather(new Uint32Array([480, 2, 201]), picked);
    expect(picked).toEqual(
      Float32Array.of(...[480, 2, 201].flatMap((r) => [...values.subarray(r * 6, r * 6 + 6)])),
    );
  });

  it.each([
    ["ragged.parquet", "ragged.parquet#embedding row 1 has 1 numbers; expected 2 as in the first row"],
    ["missing.parquet", "it holds missing values or empty lists"],
  ])("refuses %s", async (name, message) => {
    const source = fixture(name);
    const metadata = await readParquetMetadata(source);
    await expect(parquetRows(source, metadata, "embedding").then(allRows)).rejects.toThrow(message);
  });

  it("refuses damaged pages", async () => {
    const bytes = fixtureBytes("zstd.parquet");
    bytes.fill(0x5a, 1500, 3500);
    const source = bytesInMemory("x.parquet", bytes);
    const metadata = await readParquetMetadata(source);
    await expect(parquetRows(source, metadata, "embedding").then(allRows)).rejects.toThrow(/^x\.parquet/);
  });
});
