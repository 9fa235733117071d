import { describe, expect, it } from "vitest";
import { memorySource, parquet } from "../testing/memory-source.ts";
import { effect } from "@preact/signals";
import { tableColumns } from "./concept-columns.ts";
import { ItemTable } from "./item-table.ts";
import { LazyColumns } from "./lazy-columns.ts";
import { ParquetTable, numbers, texts } from "./parquet-table.ts";

const rows = 4000;
const groupRows = 500;
/** Captions that do not compress, so that the table is larger than the tail that opening it reads. */
const caption = (row: number): string | null =>
  row % 7 === 0
    ? null
    : `caption ${row} ${Array.from({ length: 12 }, (_, i) => Math.sin(row * 31 + i)).join()}`;
const table = parquet(
  [
    { name: "row", data: Int32Array.from({ length: rows }, (_, i) => i), type: "INT32" },
    { name: "caption", data: Array.from({ length: rows }, (_, i) => caption(i)), type: "STRING" },
  ],
  groupRows,
);

describe("a Parquet table read by range", () => {
  it("gives rows across row groups", async () => {
    const open = await ParquetTable.open(memorySource({ t: table }), "t");
    const [row, words] = await open.read(["row", "caption"], 495, 1003);
    expect([...numbers(row ?? [])]).toEqual(Array.from({ length: 508 }, (_, i) => 495 + i));
    expect(texts(words ?? [])).toEqual(Array.from({ length: 508 }, (_, i) => caption(495 + i)));
  });

  it("gives single rows in any order, repeated ones and ones that are not there included", async () => {
    const open = await ParquetTable.open(memorySource({ t: table }), "t");
    const asked = [3999, 0, 1, 1, -1, 4000, 2501];
    const [row] = await open.readRows(["row"], asked);
    expect(row).toEqual([3999, 0, 1, 1, undefined, undefined, 2501]);
  });

  it("reads only the row groups that hold the rows, each once", async () => {
    const source = memorySource({ t: table });
    const open = await ParquetTable.open(source, "t");
    const before = source.asked.length;
    const many = Array.from({ length: 300 }, (_, i) => i);
    await Promise.all([open.readRows(["caption"], many), open.readRows(["caption"], [...many, 620])]);
    const perGroup = (source.asked.length - before) / 2;
    expect(perGroup).toBeGreaterThan(0);
    expect(perGroup).toBeLessThanOrEqual(2);
    const after = source.asked.length;
    await open.readRows(["caption"], many);
    expect(source.asked.length).toBe(after);
  });

  it("leaves the row group before a boundary alone", async () => {
    const asks = async (rows: number[]): Promise<number> => {
      const source = memorySource({ t: table });
      const open = await ParquetTable.open(source, "t");
      const before = source.asked.length;
      await open.readRows(["caption"], rows);
      return source.asked.length - before;
    };
    const one = await asks([750]);
    expect(await asks([500])).toBe(one);
    expect(await asks([999])).toBe(one);
    expect(await asks([499, 500])).toBe(2 * one);
  });

  it("asks again after a read that failed", async () => {
    const source = memorySource({ t: table });
    const open = await ParquetTable.open(
      {
        ...source,
        bytes: (() => {
          let calls = 0;
          return async (path: string, start: number, end: number) => {
            if (++calls === 1) throw new Error("gone for a moment");
            return source.bytes(path, start, end);
          };
        })(),
      },
      "t",
    );
    await expect(open.readRows(["caption"], [1])).rejects.toThrow("gone for a moment");
    expect(await open.readRows(["caption"], [1])).toEqual([[caption(1)]]);
  });

  it("names the table and the missing column, and what is no table", async () => {
    const open = await ParquetTable.open(memorySource({ t: table }), "t");
    await expect(open.read(["energy"])).rejects.toThrow(/t has no column energy: run `viaduct analyze`/);
    await expect(ParquetTable.open(memorySource({ t: new Uint8Array(100) }), "t")).rejects.toThrow(
      /t is no readable Parquet table/,
    );
  });
});

/** A table of concepts without what newer analyses add, and counting what is asked for. */
function conceptTable() {
  const source = memorySource({
    concepts: parquet(
      tableColumns.map((name, k) => ({
        name,
        data: Float64Array.from({ length: 3000 }, (_, j) => 1000 * k + Math.sin(j * (k + 1))),
        type: "DOUBLE" as const,
      })),
      3000,
    ),
  });
  return {
    source,
    open: async () => {
      const lazy = new LazyColumns(await ParquetTable.open(source, "concepts", 1 << 14), soon);
      await lazy.load(["x", "y"]);
      return lazy;
    },
  };
}

const soon = () => Promise.resolve();

describe("columns of concepts", () => {
  it("are read when something asks for them, all that one reader asks for in one go", async () => {
    const { source, open } = conceptTable();
    const lazy = await open();
    const asked = source.asked.length;
    expect(lazy.columns.x[7]).toBe(
      1000 * tableColumns.indexOf("x") + Math.sin(7 * (tableColumns.indexOf("x") + 1)),
    );
    expect(lazy.columns.concept[7]).toBe(7);
    expect(source.asked.length).toBe(asked);
    const seen: number[] = [];
    const stop = effect(() => void seen.push(lazy.columns.imageEnergy[7] + lazy.columns.textEnergy[7]));
    await lazy.load(["imageEnergy", "textEnergy"]);
    stop();
    // Adjacent in the file, so one range holds both.
    expect(source.asked.length).toBe(asked + 1);
    const at = (name: (typeof tableColumns)[number]): number => {
      const k = tableColumns.indexOf(name);
      return 1000 * k + Math.sin(7 * (k + 1));
    };
    expect(seen).toEqual([NaN, at("imageEnergy") + at("textEnergy")]);
  });

  it("that follow from others come with them", async () => {
    const lazy = await conceptTable().open();
    expect(lazy.has(["maximum", "frequency"])).toBe(false);
    await lazy.load(["maximum", "frequency"]);
    expect(lazy.has(["maximum", "frequency"])).toBe(true);
    const { maximum, imageMaximum, textMaximum } = lazy.columns;
    expect(maximum[5]).toBe(Math.max(imageMaximum[5], textMaximum[5]));
  });

  it("are not a number where the analysis is older than they", async () => {
    const lazy = await conceptTable().open();
    expect(lazy.has(["pcaX"])).toBe(true);
    expect(lazy.columns.pcaX[0]).toBeNaN();
  });

  it("can be asked for again when they could not be read", async () => {
    const { source } = conceptTable();
    let broken = false;
    const bytes: typeof source.bytes = async (...range) => {
      if (broken) throw new Error("gone for a moment");
      return source.bytes(...range);
    };
    const lazy = new LazyColumns(await ParquetTable.open({ ...source, bytes }, "concepts", 1 << 14), soon);
    broken = true;
    await expect(lazy.load(["imageEnergy"])).rejects.toThrow("gone for a moment");
    broken = false;
    await lazy.load(["imageEnergy"]);
    expect(lazy.columns.imageEnergy[0]).toBeGreaterThan(0);
  });
});

describe("items", () => {
  it("come in the order of their rows, empty where the table has none", async () => {
    const items = new ItemTable(memorySource({ items: table }), "items");
    expect(await items.read([2501, 7, 9999])).toEqual([
      { row: 2501, file: null, caption: caption(2501), source: null },
      { row: 7, file: null, caption: null, source: null },
      { row: 9999, file: null, caption: null, source: null },
    ]);
  });

  it("can be read again when the table was not there at first", async () => {
    const files: Record<string, Uint8Array> = {};
    const items = new ItemTable(memorySource(files), "items");
    await expect(items.read([1])).rejects.toThrow("not there");
    files["items"] = table;
    expect((await items.read([1]))[0]?.caption).toBe(caption(1));
  });
});
