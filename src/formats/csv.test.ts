import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readCsv, writeCsv } from "./csv.ts";
import { fixtureBytes } from "./testing/fixtures.ts";

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

describe("CSV", () => {
  it("reads what pandas writes", () => {
    const table = readCsv("items.csv", fixtureBytes("items.csv"));
    expect(table.rows).toBe(3);
    expect(Object.fromEntries(table.columns)).toEqual({
      image_path: ["a.png", "sub/b.png", "c.png"],
      caption: ["a red square", "", 'two "blue" circles, große'],
      width: ["640", "800", "1024"],
      score: ["0.5", "", "1.5"],
    });
  });

  it("skips a byte order mark and reads Windows line ends", () => {
    const { columns, rows } = readCsv("items-bom.csv", fixtureBytes("items-bom.csv"));
    expect(rows).toBe(3);
    expect(columns.get("image_path")).toEqual(["a.png", "sub/b.png", "c.png"]);
  });

  it("reads line breaks inside quotes, and tabs where the name says so", () => {
    expect(readCsv("a.csv", bytes('a,b\n"x\ny",2\n')).columns.get("a")).toEqual(["x\ny"]);
    expect(readCsv("a.tsv", bytes("a\tb\nx, y\t2\n")).columns.get("a")).toEqual(["x, y"]);
  });

  it.each([
    ["", "is empty; expected a header line"],
    ["a,b\n1,2,3\n", "line 2 has 3 cells; expected 2 (a, b)"],
    ["a,a\n1,2\n", 'names the column "a" twice'],
    ['a,b\n"x,2\n', "is no valid CSV"],
  ])("refuses %j", (text, message) => {
    expect(() => readCsv("x.csv", bytes(text))).toThrow(message);
  });

  it("skips empty lines, except in a table of one column, where they are empty cells", () => {
    expect(readCsv("a.csv", bytes("\na,b\n\n1,2\n\n3,4\n\n")).columns.get("b")).toEqual(["2", "4"]);
    for (const end of ["\n", "\r\n"]) {
      const lines = ["caption", "a", "", "c", ""];
      const table = readCsv("c.csv", bytes(lines.join(end)));
      expect(table.rows).toBe(3);
      expect(table.columns.get("caption")).toEqual(["a", "", "c"]);
      expect(readCsv("c.csv", bytes([...lines, ""].join(end))).columns.get("caption")).toEqual([
        "a",
        "",
        "c",
        "",
      ]);
    }
  });

  it("gives a column of any text back", () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: "binary" })), (cells) => {
        const text = writeCsv(
          ["a"],
          cells.map((cell) => [cell]),
        );
        expect(readCsv("x.csv", bytes(text)).columns.get("a")).toEqual(cells);
      }),
    );
  });

  it("gives any text back", () => {
    const cell = fc.string({ unit: "binary" });
    fc.assert(
      fc.property(fc.array(fc.tuple(cell, cell)), (rows) => {
        const table = readCsv("x.csv", bytes(writeCsv(["a", "b"], rows)));
        expect(table.columns.get("a") ?? []).toEqual(rows.map(([a]) => a));
        expect(table.columns.get("b") ?? []).toEqual(rows.map(([, b]) => b));
      }),
    );
  });
});
