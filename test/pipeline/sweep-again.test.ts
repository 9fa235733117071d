/** The same sweep again finds every cell done, whatever the learner. */
import { writeFile } from "node:fs/promises";
import { beforeAll, describe, expect, it } from "vitest";
import { Random } from "../../src/base/random.ts";
import { writeNpy } from "../../src/formats/npy.ts";
import { learners } from "../../src/learners/registry.ts";
import { sweepStudy, type SweepResult, type SweepSpec } from "../../src/pipeline/sweep/sweep.ts";
import { importRows, scratch } from "./folders.ts";

const at = scratch();
const dimension = 8;
const names = learners.map(({ name }) => name);

beforeAll(async () => {
  const random = Random.of(2);
  const rows = (count: number): Float32Array =>
    Float32Array.from({ length: count * dimension }, () => random.normal());
  await importRows(at("set"), { dimension, image: rows(60), text: rows(60), pairedRows: true });
  await writeFile(at("words.npy"), writeNpy(rows(12), [12, dimension]));
});

function sweep(study: string, grid: Partial<SweepSpec>): Promise<SweepResult> {
  const spec = {
    set: at("set"),
    study: at(study),
    learners: names,
    concepts: [],
    k: [],
    seeds: ["0"],
    mixtures: [],
    diet: {},
    options: { vocabulary: at("words.npy"), splitSigns: "true", epochs: "1", batch: "32" },
    analyze: false,
    atOnce: 2,
    threads: 2,
    product: "wasm" as const,
  };
  return sweepStudy({ ...spec, ...grid }, { freeMemory: 2 ** 33, now: () => performance.now() });
}

const states = ({ cells }: SweepResult): unknown =>
  cells.map(({ name, state, error }) => ({ name, state, error }));

describe("a sweep of every learner", () => {
  it.each([
    ["at their own sizes", "usual", {}],
    ["at given sizes", "given", { concepts: ["6", "10"], k: ["2"] }],
  ])(
    "skips all of it the second time, %s",
    async (_, study, grid) => {
      const first = await sweep(study, grid);
      const cells = first.cells.filter(({ state }) => state !== "refused");
      expect(cells.map(({ name, state }) => [name, state])).toEqual(cells.map(({ name }) => [name, "done"]));
      expect(new Set(cells.map(({ learner }) => learner))).toEqual(new Set(names));
      expect(first.skipped).toBe(0);
      const again = await sweep(study, grid);
      expect(states(again)).toEqual(states(first));
      expect(again.skipped).toBe(cells.length);
    },
    60_000,
  );
});
