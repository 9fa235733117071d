import { parse } from "csv-parse/sync";
import fc from "fast-check";
import { expect, it } from "vitest";
import { csvText } from "./csv-text.ts";

it("writes numbers in full and nothing where there is no value", () => {
  const rows = [[1 / 3, null, NaN, 'a "b", c', true]];
  expect(csvText({ columns: ["a", "b", "c", "d", "e"], rows })).toBe(
    'a,b,c,d,e\n0.3333333333333333,,,"a ""b"", c",true\n',
  );
});

it("leaves numbers and lets no text be a formula", () => {
  const rows = [[-1.5, "-1.5", "=1+1", "+1", "@SUM(A1)", "\t=1", "a=1", "", true]];
  expect(csvText({ columns: ["=a", ..."bcdefghi".split("")], rows })).toBe(
    `'=a,b,c,d,e,f,g,h,i\n-1.5,'-1.5,'=1+1,'+1,'@SUM(A1),'\t=1,a=1,,true\n`,
  );
});

it("is read back by another library as it was, whatever the text that is no formula", () => {
  const text = fc
    .oneof(fc.string(), fc.constantFrom("\r\n", '"', ",", " padded ", "=1+1", "<script>", "🦉"))
    .map((one) => one.replace(/^[=+\-@\t\r\n]+/, ""));
  fc.assert(
    fc.property(fc.array(fc.array(text, { minLength: 2, maxLength: 2 }), { minLength: 1 }), (rows) => {
      const read = parse(csvText({ columns: ["one", "two"], rows }), {
        record_delimiter: "\n",
        skip_empty_lines: false,
      });
      expect(read).toEqual([["one", "two"], ...rows]);
    }),
  );
});
