import { describe, expect, it } from "vitest";
import { readJsonLines } from "./jsonl.ts";
import { fixtureBytes } from "./testing/fixtures.ts";

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

describe("JSON lines", () => {
  it("reads what pandas writes", () => {
    const table = readJsonLines("items.jsonl", fixtureBytes("items.jsonl"));
    expect(Object.fromEntries(table.columns)).toEqual({
      image_path: ["a.png", "sub/b.png", "c.png"],
      caption: ["a red square", null, 'two "blue" circles, große'],
      width: [640, 800, 1024],
      score: [0.5, null, 1.5],
      safe: [true, false, true],
      tags: ['["x","y"]', "[]", '["z"]'],
    });
  });

  it("fills in keys that some lines lack", () => {
    const table = readJsonLines("x.jsonl", bytes('{"a":1}\n\n{"b":2}\n{"a":3}'));
    expect(table.rows).toBe(3);
    expect(Object.fromEntries(table.columns)).toEqual({ a: [1, null, 3], b: [null, 2, null] });
  });

  it.each([
    ['{"a":1}\n{"a":', "line 2 is no JSON"],
    ["[1,2]", "line 1 holds [1,2]; expected one JSON object a line"],
    ["null", "line 1 holds null"],
  ])("refuses %j", (text, message) => {
    expect(() => readJsonLines("x.jsonl", bytes(text))).toThrow(message);
  });
});
