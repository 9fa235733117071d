import { describe, expect, it } from "vitest";
import { studyLayout } from "../../protocol/study-layout.ts";
import type { DictionarySummary } from "../../protocol/study-summary.ts";
import { memorySource, parquet } from "../testing/memory-source.ts";
import { readStability, stabilityPartners } from "./concept-stability.ts";

const one = (name: string, learner: string, concepts: number, comparedWith: string[] = []) =>
  ({ name, learner, concepts, comparedWith }) as unknown as DictionarySummary;

describe("the stability of concepts", () => {
  it("is over runs of the same learner and size where there are any, else over all compared", () => {
    const own = one("a", "batch-topk", 512, ["b", "c", "pca"]);
    const others = [one("b", "batch-topk", 512), one("c", "batch-topk", 64), one("pca", "pca", 512)];
    expect(stabilityPartners(own, [own, ...others])).toEqual({ names: ["b"], alike: true });
    const lone = one("a", "relu", 512, ["b", "pca"]);
    expect(stabilityPartners(lone, [lone, ...others])).toEqual({ names: ["b", "pca"], alike: false });
    expect(stabilityPartners(one("a", "relu", 512), others)).toBeNull();
  });

  it("is the mean of the cosines there are, and nothing where no other dictionary has a match", async () => {
    const { matches } = studyLayout.dictionary("a").stability;
    const table = (cosine: (number | null)[]) =>
      parquet([
        { name: "concept", data: [0, 1, 2], type: "INT32" },
        { name: "match", data: cosine.map((value) => (value === null ? null : 0)), type: "INT32" },
        { name: "cosine", data: cosine, type: "FLOAT" },
      ]);
    const source = memorySource({
      [`study/${matches("b")}`]: table([0.5, null, null]),
      [`study/${matches("c")}`]: table([1, 0.25, null]),
    });
    expect([...(await readStability(source, "a", ["b", "c"]))]).toEqual([0.75, 0.25, NaN]);
  });
});
