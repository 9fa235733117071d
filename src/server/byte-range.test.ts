import { describe, expect, it } from "vitest";
import { parseByteRange } from "./byte-range.ts";

describe("parseByteRange", () => {
  it.each([undefined, "bytes=-", "bytes=1-2,4-5", "items=0-1", "bytes=5-2", "nonsense"])(
    "serves the whole file for %s",
    (header) => expect(parseByteRange(header, 10)).toEqual({ kind: "whole" }),
  );
  it.each(["bytes=0-", "bytes=-1"])("has nothing to serve of an empty file for %s", (header) => {
    expect(parseByteRange(header, 0)).toEqual({ kind: "unsatisfiable" });
  });
});
