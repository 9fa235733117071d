/** The paper's experiments on a small study: what they write, and their numbers against plain recounts. */
import { readFile, readdir } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { bytesInMemory } from "../../src/formats/byte-source.ts";
import { readCsv } from "../../src/formats/csv.ts";
import { readParquet } from "../../src/formats/parquet.ts";
import { createReferenceBackend } from "../../src/kernels/reference/backend.ts";
import { encodeRows } from "../../src/learners/codes.ts";
import { planted } from "../../src/learners/testing/planted.ts";
import { openDictionary } from "../../src/pipeline/dictionary-folder.ts";
import { openEmbeddingSet } from "../../src/pipeline/embedding-set.ts";
import { cumulativeShare } from "../../src/pipeline/paper/energy.ts";
import { experimentNamed, experiments } from "../../src/pipeline/paper/experiments.ts";
import { drawPng, drawSvg } from "../../src/pipeline/paper/figure.ts";
import { writeReport } from "../../src/pipeline/paper/report.ts";
import { runExperiments, type MeasuredExperiment } from "../../src/pipeline/paper/run-experiments.ts";
import { groupBySettings, type StudyRun } from "../../src/pipeline/paper/runs.ts";
import { bandMeans } from "../../src/pipeline/paper/stability.ts";
import { trainStudy } from "../../src/pipeline/train.ts";
import { importRows, scratch } from "./folders.ts";

const at = scratch();
const dimension = 16;
const backend = createReferenceBackend();
let measured: readonly MeasuredExperiment[] = [];
let page = "";

async function train(learner: string, options: Record<string, unknown>, mixture?: string): Promise<void> {
  await trainStudy(
    {
      set: at("set"),
      study: at("study"),
      learner,
      options,
      ...(mixture === undefined ? {} : { diet: { mixture, rows: 200 } }),
    },
    { backend, now: () => 0 },
  );
}

beforeAll(async () => {
  const { data } = planted({
    seed: 4,
    images: 300,
    texts: 260,
    dimension,
    concepts: 24,
    active: 3,
    offset: 0.6,
  });
  const rowsOf = async (modality: "image" | "text"): Promise<Float32Array> => {
    const out = new Float32Array(260 * dimension);
    await data[modality].readRange(0, 260, out);
    return out;
  };
  await importRows(at("set"), {
    dimension,
    image: await rowsOf("image"),
    text: await rowsOf("text"),
    pairedRows: true,
  });
  const sae = { concepts: 32, k: 3, epochs: 6, batch: 32 };
  for (const seed of [0, 1, 2]) await train("batch-topk", { ...sae, seed });
  await train("topk", { ...sae, k: 6, seed: 0 });
  await train("pca", { concepts: 4, seed: 0 });
  for (const mixture of ["75:25", "25:75"]) await train("batch-topk", { ...sae, seed: 0 }, mixture);
  const report = await writeReport({ study: at("study"), png: false }, { backend });
  page = await readFile(report.path, "utf8");
  measured = await runExperiments({ study: at("study"), experiments, png: false }, { backend });
}, 60_000);

function finding(name: string) {
  const found = measured.find(({ experiment }) => experiment.name === name)?.finding;
  if (!found) throw new Error(`${name} was not measured`);
  return found;
}

describe("every experiment", () => {
  it("writes one table as Parquet and CSV, two figures and the finding", async () => {
    expect(measured.map(({ lacks }) => lacks)).toEqual(experiments.map(() => null));
    for (const { experiment, folder, finding: found } of measured) {
      const files = await readdir(folder);
      expect(files).toEqual(
        expect.arrayContaining([
          "figure-dark.svg",
          "figure-light.svg",
          "finding.json",
          "finding.md",
          "table.csv",
          "table.parquet",
        ]),
      );
      const table = await readParquet(bytesInMemory("table", await readFile(join(folder, "table.parquet"))));
      const csv = readCsv("table.csv", await readFile(join(folder, "table.csv")));
      expect([experiment.name, table.rows]).toEqual([experiment.name, found?.rows.length]);
      expect(csv.rows).toBe(table.rows);
      expect([...csv.columns.keys()]).toEqual(Object.keys(found?.columns ?? {}));
      expect([...table.columns.keys()]).toEqual(Object.keys(found?.columns ?? {}));
      for (const row of found?.rows ?? []) {
        for (const value of Object.values(row)) expect(value).not.toBeNaN();
      }
      for (const sentence of found?.sentences ?? []) expect(sentence).not.toMatch(/NaN|undefined|Infinity/);
    }
  });

  it("is refused in one line when the runs cannot answer it, and when there is no such experiment", async () => {
    const only = (seeds: number[]) =>
      runExperiments(
        {
          study: at("study"),
          experiments: [experimentNamed("stability-seeds")],
          choice: { seeds, learners: ["topk"] },
          png: false,
        },
        { backend },
      );
    await expect(only([0])).rejects.toThrow("stability-seeds: no two runs differ in their seed alone");
    await expect(only([7])).rejects.toThrow(
      /has no run of that choice; it has learners batch-topk, pca, topk/,
    );
    expect(() => experimentNamed("nope")).toThrow("expected one of pareto, energy, stability-seeds");
  });
});

it("a choice of sparsities takes learners without a k at as many concepts", async () => {
  const spec = { study: at("study"), experiments: [experimentNamed("pareto")], png: false };
  const chosen = async (k: number[]): Promise<string[]> => {
    const [{ runs }] = await runExperiments({ ...spec, choice: { k, seeds: [0] } }, { backend });
    return [...new Set(runs.map(({ learner }) => learner))];
  };
  expect(await chosen([4])).toEqual(["pca"]);
  expect(await chosen([3, 4])).toEqual(["batch-topk", "pca"]);
  await expect(chosen([5])).rejects.toThrow("k 3, 4, 6; seeds");
});

describe("pareto", () => {
  it("puts exactly those configurations on the front that none beats in both", () => {
    const rows = finding("pareto").rows;
    expect(rows).toHaveLength(7);
    const groups = Map.groupBy(rows, (row) => `${row["learner"]}/${row["k"]}/${row["rows"]}`);
    const mean = (of: typeof rows, key: string): number =>
      of.reduce((sum, row) => sum + Number(row[key]), 0) / of.length;
    const points = Array.from(groups.values(), (of) => ({
      x: mean(of, "activePerSample"),
      y: mean(of, "r2"),
      front: of.map((row) => row["onFront"]),
    }));
    for (const { x, y, front } of points) {
      const beaten = points.some((other) => other.x <= x * 1.02 && other.y > y + 0.0005);
      expect(front).toEqual(front.map(() => !beaten));
    }
    expect(points.some(({ front }) => front[0] === true)).toBe(true);
  });
});

describe("energy", () => {
  it("adds up to one, and the half is reached where the table says", () => {
    const rows = finding("energy").rows.filter((row) => row["configuration"] === "pca");
    expect(rows.at(-1)).toMatchObject({ rank: 4, share: 1 });
    const share = cumulativeShare(Float64Array.of(1, 4, 3, 2));
    expect([...share]).toEqual([0.4, 0.7, 0.9, 1]);
  });
});

describe("stability", () => {
  it("divides concepts into bands by energy", () => {
    const cosine = Float64Array.from({ length: 101 }, (_, j) => (j === 50 ? NaN : j / 100));
    const energy = Float64Array.from({ length: 101 }, (_, j) => 101 - j);
    const bands = bandMeans(cosine, energy);
    expect(bands[0]).toBe(0);
    expect(bands[1]).toBeCloseTo(0.015);
    expect(bands[4]).toBeCloseTo((100 * 101 * 0.5 - 50 - (30 * 29) / 2) / 100 / 70);
  });

  it("compares all pairs of seeds, and mixtures with the rows as they are", () => {
    const seeds = finding("stability-seeds").rows;
    expect(seeds).toHaveLength(3);
    for (const row of seeds) {
      expect(Number(row["stability"])).toBeGreaterThan(Number(row["random"]));
      expect(Number(row["stability"])).toBeLessThanOrEqual(1);
    }
    expect(finding("stability-mixtures").rows).toHaveLength(1);
    expect(finding("stability-seeds").runs).toBe(3);
    expect(finding("stability-mixtures").runs).toBe(2);
  });
});

describe("modality", () => {
  it("has shares that add up to one in every configuration", () => {
    for (const rows of Map.groupBy(finding("modality").rows, (row) => row["configuration"]).values()) {
      for (const key of ["share", "energyShare"]) {
        expect(rows.reduce((sum, row) => sum + Number(row[key]), 0)).toBeCloseTo(1, 9);
      }
    }
  });
});

describe("bridges", () => {
  it("divides the whole positive mass", () => {
    for (const rows of Map.groupBy(finding("bridges").rows, (row) => row["dictionary"]).values()) {
      expect(rows.reduce((sum, row) => sum + Number(row["massShare"]), 0)).toBeCloseTo(1, 9);
    }
  });
});

describe("gap", () => {
  it("of all concepts is the distance of the mean reconstructions", async () => {
    const set = await openEmbeddingSet(at("set"));
    try {
      const name = "topk-32-k6-seed0";
      const { dictionary } = await openDictionary(at("study"), name);
      const means = await Promise.all(
        (["image", "text"] as const).map(async (modality) => {
          const codes = await encodeRows(dictionary, set.embeddings[modality], modality, backend);
          const mean = Float64Array.from(dictionary.biases[modality].decoderBias);
          for (let e = 0; e < codes.value.length; e++) {
            for (let t = 0; t < dimension; t++) {
              mean[t] += (codes.value[e] * dictionary.atoms[codes.concept[e] * dimension + t]) / codes.rows;
            }
          }
          return mean;
        }),
      );
      const distance = Math.hypot(...means[0].map((value, t) => value - means[1][t]));
      const row = finding("gap").rows.find(
        (one) => one["dictionary"] === name && one["kept"] === "all concepts",
      );
      expect(row?.["gap"]).toBeCloseTo(distance, 5);
    } finally {
      await set.close();
    }
  });
});

describe("runs", () => {
  const run = (config: Record<string, unknown>, diet: unknown = null): StudyRun =>
    ({
      name: JSON.stringify(config),
      learner: "relu",
      family: "sae",
      concepts: 8,
      k: null,
      seed: config["seed"],
      rows: "all rows",
      mixture: null,
      record: { config, options: config, diet },
    }) as unknown as StudyRun;

  it("repeat each other only when nothing but the seed differs, and labels say what does", () => {
    const groups = groupBySettings([
      run({ l1: 0.01, seed: 0, checkpointEvery: 5 }),
      run({ l1: 0.3, seed: 0, checkpointEvery: 0 }),
      run({ l1: 0.3, seed: 1, checkpointEvery: 0 }),
    ]);
    expect(groups.map(({ label, runs }) => [label, runs.length])).toEqual([
      ["relu, l1 0.01", 1],
      ["relu, l1 0.3", 2],
    ]);
  });
});

describe("an embedding set that lacks something", () => {
  it("has its experiments left out of the report with a reason", async () => {
    const rows = Float32Array.from({ length: 60 * dimension }, (_, e) => Math.sin(e * e));
    await importRows(at("lonely"), {
      dimension,
      image: rows.subarray(0, 40 * dimension),
      text: rows.subarray(40 * dimension),
      pairedRows: false,
    });
    await trainStudy(
      { set: at("lonely"), study: at("unpaired"), learner: "pca", options: { concepts: 4 } },
      { backend, now: () => 0 },
    );
    const report = await writeReport({ study: at("unpaired"), png: false }, { backend });
    expect(report.measured).toEqual(["pareto", "energy", "modality", "geometry", "gap"]);
    expect(report.left).toContainEqual({
      experiment: "bridges",
      lacks: "the embedding set has no pairs, hence no bridges; import it with --pairs",
    });
  });
});

describe("the report", () => {
  it("holds every experiment, fetches nothing, and runs nothing", () => {
    for (const { name } of experiments)
      expect([name, page.includes(`<section id="${name}">`)]).toEqual([name, true]);
    expect(/<script|<link|@import|src="http|url\(/.exec(page)).toBeNull();
    expect(page.match(/https?:\/\/[^"<]+/g)?.filter((url) => !url.startsWith("http://www.w3.org/"))).toEqual([
      "https://arxiv.org/abs/2504.11695",
    ]);
    const [, commands = ""] = page.split("<pre>");
    expect(commands).toContain("viaduct train &#60;set&#62; --learner batch-topk");
    expect(commands).toContain("--mixture 75:25 --rows 200");
  });
});

describe("figures", () => {
  const figure = {
    description: `a "quoted" <figure>`,
    legend: ["one & two"],
    plot: () => ({ marks: [] }),
  };

  it("escape what they are given", () => {
    const svg = drawSvg(figure, "dark");
    expect(svg).toContain("&#34;quoted&#34; &#60;figure&#62;");
    expect(svg).toContain("one &#38; two");
  });

  it("become PNG at three times their size", async () => {
    const png = Buffer.from(await drawPng(drawSvg(figure, "light")));
    expect(png.subarray(1, 4).toString()).toBe("PNG");
    expect(png.readUInt32BE(16)).toBe(3 * 720);
  });
});
