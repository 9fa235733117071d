import { expect, test } from "vitest";
import { poolRows } from "./pooling.ts";

// Two inputs of three positions in two dimensions.
const data = Float32Array.of(1, 2, 3, 4, 5, 6, 10, 20, 30, 40, 50, 60);
const tokens = { numbers: [Int32Array.of(7, 9), Int32Array.of(9, 8, 9)], end: 9 };

test.each([
  ["first", undefined, [1, 2, 10, 20]],
  ["last", tokens, [5, 6, 50, 60]],
  ["mean", undefined, [3, 4, 30, 40]],
  ["mean", tokens, [2, 3, 30, 40]],
  ["end", tokens, [3, 4, 10, 20]],
  ["end", { ...tokens, end: 99 }, [1, 2, 10, 20]],
] as const)("%s of positions and tokens %j", (pooling, of, expected) => {
  expect([...poolRows(data, 3, 2, pooling, of)]).toEqual(expected);
});
