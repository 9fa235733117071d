import { describe, expect, it } from "vitest";
import { counted, mebibytes, percent } from "./number-text.ts";

describe("a share in percent", () => {
  it.each([
    [0, "0%"],
    [0.00037, "0.037%"],
    [0.014, "1.4%"],
    [0.64, "64%"],
    [-0.64, "−64%"],
    [0.989, "99%"],
    [0.99, "99.0%"],
    [0.995, "99.5%"],
    [0.9999, "99.9%"],
    [1 - 1e-12, "99.9%"],
    [1, "100%"],
    [NaN, "–"],
    [null, "–"],
  ])("%s is written %s", (share, text) => {
    expect(percent(share)).toBe(text);
  });
});

it("counts one thing in the singular", () => {
  expect([0, 1, 2301].map((value) => counted(value, "bridge"))).toEqual([
    "0 bridges",
    "1 bridge",
    "2,301 bridges",
  ]);
});

it("writes bytes in mebibytes, with a decimal where they are few", () => {
  expect([0, 400_000, 85.5 * 2 ** 20, 1234 * 2 ** 20].map(mebibytes)).toEqual([
    "0.0",
    "0.4",
    "85.5",
    "1,234",
  ]);
});
