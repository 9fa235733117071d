/** Interventions as the explorer computes them, against the numbers of `analyze`, of `paper gap`, and plain recounts. */
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { beforeAll, describe, expect, it } from "vitest";
import { DictionaryTables } from "../../src/explorer/data/dictionary-tables.ts";
import { PairTable } from "../../src/explorer/data/pair-table.ts";
import { readLeastMatched } from "../../src/explorer/data/concept-stability.ts";
import { CodeRows } from "../../src/explorer/data/code-rows.ts";
import {
  conceptScales,
  noIntervention,
  type Intervention,
} from "../../src/explorer/intervention/concept-scales.ts";
import { InterventionEngine, type Outcome } from "../../src/explorer/intervention/engine.ts";
import { gatherRows } from "../../src/explorer/intervention/gather-rows.ts";
import { plainProducts } from "../../src/explorer/intervention/plain-products.ts";
import { readCodes } from "../../src/explorer/intervention/read-codes.ts";
import { readEmbeddings, readIntervention } from "../../src/explorer/intervention/read-intervention.ts";
import { rangedFile } from "../../src/explorer/data/ranged-file.ts";
import { npyMatrix } from "../../src/formats/npy.ts";
import { createReferenceBackend } from "../../src/kernels/reference/backend.ts";
import { encodeRows } from "../../src/learners/codes.ts";
import { planted } from "../../src/learners/testing/planted.ts";
import { eachCosineRow } from "../../src/metrics/atom-cosines.ts";
import { analyzeStudy } from "../../src/pipeline/analyze.ts";
import { compareDictionaries } from "../../src/pipeline/compare.ts";
import { openDictionary } from "../../src/pipeline/dictionary-folder.ts";
import { openEmbeddingSet } from "../../src/pipeline/embedding-set.ts";
import { exportSite } from "../../src/pipeline/export/site/export-site.ts";
import { experimentNamed } from "../../src/pipeline/paper/experiments.ts";
import { runExperiments } from "../../src/pipeline/paper/run-experiments.ts";
import { openStudyFolder, summarizeStudy } from "../../src/pipeline/study-summary.ts";
import { trainStudy } from "../../src/pipeline/train.ts";
import type { StudySummary } from "../../src/protocol/study-summary.ts";
import { importRows, scratch } from "../pipeline/folders.ts";
import { folderSource } from "./folder-source.ts";

const at = scratch();
const backend = createReferenceBackend();
const dimension = 16;
const pairs = 240;
const names = ["batch-topk-32-k3-seed0", "batch-topk-32-k3-seed1"] as const;

beforeAll(async () => {
  const { data } = planted({
    seed: 4,
    images: 300,
    texts: 300,
    dimension,
    concepts: 24,
    active: 3,
    offset: 0.6,
  });
  const rowsOf = async (modality: "image" | "text"): Promise<Float32Array> => {
    const out = new Float32Array(pairs * dimension);
    await data[modality].readRange(0, pairs, out);
    return out;
  };
  const [image, text] = [await rowsOf("image"), await rowsOf("text")];
  await importRows(at("set"), { dimension, image, text, pairedRows: true });
  const train = (learner: string, options: Record<string, unknown>, name?: string) =>
    trainStudy(
      { set: at("set"), study: at("study"), learner, options, ...(name === undefined ? {} : { name }) },
      { backend, now: () => 0 },
    );
  const sae = { concepts: 32, k: 3, epochs: 6, batch: 32 };
  for (const seed of [0, 1]) await train("batch-topk", { ...sae, seed });
  await train("topk", { ...sae, center: "per-modality" }, "centred");
  await train("pca", { concepts: 6 }, "signed");
  await analyzeStudy({ study: at("study") }, { backend });
  await compareDictionaries([at("study")], { backend }, "directions", true);
}, 60_000);

interface Opened {
  engine: InterventionEngine;
  summary: StudySummary;
  tables: DictionaryTables;
  read: Awaited<ReturnType<typeof readIntervention>>;
  source: ReturnType<typeof folderSource>;
}

async function open(
  name: string,
  folders = { study: at("study"), set: at("set") },
  most: number | null = 5000,
): Promise<Opened> {
  const source = folderSource(folders);
  const summary =
    folders.study === at("study")
      ? await summarizeStudy(await openStudyFolder(at("study")))
      : (JSON.parse(await readFile(at("site/data/summary.json"), "utf8")) as StudySummary);
  const dictionary = summary.dictionaries.find((one) => one.name === name)!;
  const about = { source, set: summary.set, dictionary, pairs: new PairTable(source) };
  const read = await readIntervention(about, most, () => {});
  const engine = await InterventionEngine.open(read.data, (a, b, d, visit) =>
    eachCosineRow(backend, a, b, d, visit),
  );
  return { engine, summary, tables: await DictionaryTables.open(source, { name }), read, source };
}

async function scalesOf({ tables, source }: Opened, name: string, change: Partial<Intervention>) {
  const { modalityScore, energy } = await tables.withColumns(["modalityScore", "energy"]);
  const others = names.filter((other) => other !== name);
  const matched = await readLeastMatched(source, name, others);
  return conceptScales(
    { ...noIntervention, ...change },
    { modalityScore, energy, matched, listed: [], picked: new Set() },
  )!;
}

const ones = (count: number): Float32Array<ArrayBuffer> => new Float32Array(count).fill(1);

describe("an intervention", () => {
  it.each([names[0], "centred", "signed"])(
    "has the gap and the recall that analyze measured, all concepts and the bimodal alone: %s",
    async (name) => {
      const opened = await open(name);
      const metrics = JSON.parse(
        await readFile(at(`study/dictionaries/${name}/analysis/metrics.json`), "utf8"),
      ) as { modality: { gap: Record<string, number>; retrieval: Record<string, unknown> } };
      const { gap, retrieval } = metrics.modality;
      const { concepts } = opened.summary.dictionaries.find((one) => one.name === name)!;
      const before = await opened.engine.apply(ones(concepts!));
      expect(before.gap).toBeCloseTo(gap["reconstructed"], 6);
      expect(before.recall).toEqual(retrieval["reconstructed"]);
      expect(before.kept).toBe(1);
      const after = await opened.engine.apply(await scalesOf(opened, name, { keep: "bimodal" }));
      expect(after.gap).toBeCloseTo(gap["bimodalOnly"], 6);
      expect(after.recall).toEqual(retrieval["bimodalOnly"]);
      // And back again, from what was kept of the first.
      expect(await opened.engine.apply(ones(concepts!))).toEqual(before);
    },
  );

  it("agrees with paper gap on every set of concepts", async () => {
    const [gap] = await runExperiments(
      { study: at("study"), experiments: [experimentNamed("gap")], png: false },
      { backend },
    );
    const rows = gap.finding!.rows.filter((row) => row["dictionary"] === names[0]);
    const opened = await open(names[0]);
    const sets: Record<string, Partial<Intervention>> = {
      "all concepts": {},
      bimodal: { keep: "bimodal" },
      "single-modality": { keep: "bimodal", without: true },
      stable: { keep: "stable" },
      unstable: { keep: "stable", without: true },
    };
    const compared = rows.filter((row) => row["kept"] !== "random");
    expect(compared.map((row) => row["kept"])).toEqual(Object.keys(sets));
    for (const row of compared) {
      const change = sets[String(row["kept"])];
      const outcome: Outcome = await opened.engine.apply(await scalesOf(opened, names[0], change));
      expect(outcome.gap).toBeCloseTo(Number(row["gap"]), 6);
      expect(outcome.gapOfConcepts).toBeCloseTo(Number(row["gapOfConcepts"]), 6);
      for (const k of [1, 5, 10] as const) {
        expect(outcome.recall!.imageToText[`at${k}`]).toBe(row[`imageToTextAt${k}`]);
        expect(outcome.recall!.textToImage[`at${k}`]).toBe(row[`textToImageAt${k}`]);
      }
    }
  });

  it("has the R² and the nearest rows of a plain recount with concepts scaled", async () => {
    const name = "centred";
    const opened = await open(name);
    const { dictionary } = await openDictionary(at("study"), name);
    const set = await openEmbeddingSet(at("set"));
    const scales = Float32Array.from({ length: 32 }, (_, j) => [0, 0.5, 1, 2][j % 4]);
    const rebuilt = { image: [] as number[][], text: [] as number[][] };
    const x = { image: [] as number[][], text: [] as number[][] };
    try {
      for (const side of ["image", "text"] as const) {
        const source = set.embeddings[side];
        const codes = await encodeRows(dictionary, source, side, backend);
        const all = new Float32Array(source.rows * dimension);
        await source.readRange(0, source.rows, all);
        for (let row = 0; row < source.rows; row++) {
          const out = [...dictionary.biases[side].decoderBias];
          for (let e = codes.rowStart[row]; e < codes.rowStart[row + 1]; e++) {
            const j = codes.concept[e];
            out.forEach((_, q) => {
              out[q] += scales[j] * codes.value[e] * dictionary.atoms[j * dimension + q];
            });
          }
          rebuilt[side].push(out);
          x[side].push([...all.subarray(row * dimension, (row + 1) * dimension)]);
        }
      }
    } finally {
      await set.close();
    }
    const { recall } = await opened.engine.addEmbeddings(
      await readEmbeddings(opened.source, opened.read.data.rows),
    );
    const { imageToText, textToImage } = opened.read.analysis!;
    expect(recall).toMatchObject({ imageToText, textToImage });
    const { r2 } = await opened.engine.apply(scales);
    const share = (rows: number[][], now: number[][]): number => {
      const mean = rows[0].map((_, q) => rows.reduce((sum, row) => sum + row[q], 0) / rows.length);
      const distance = (a: number[], b: number[]) => a.reduce((sum, v, q) => sum + (v - b[q]) ** 2, 0);
      const error = rows.reduce((sum, row, i) => sum + distance(row, now[i]), 0);
      return 1 - error / rows.reduce((sum, row) => sum + distance(row, mean), 0);
    };
    expect(r2!.image).toBeCloseTo(share(x.image, rebuilt.image), 5);
    expect(r2!.text).toBeCloseTo(share(x.text, rebuilt.text), 5);
    expect(r2!.all).toBeCloseTo(share([...x.image, ...x.text], [...rebuilt.image, ...rebuilt.text]), 5);
    const codes = await new CodeRows(opened.source, name, pairs).read("image", 7);
    const nearest = opened.engine.nearest("image", 7, codes, "text", 5);
    const cosine = (a: number[], b: number[]): number =>
      a.reduce((sum, v, q) => sum + v * b[q], 0) / (Math.hypot(...a) * Math.hypot(...b));
    const expected = rebuilt.text
      .map((row, i) => ({ row: i, cosine: cosine(rebuilt.image[7], row) }))
      .sort((a, b) => b.cosine - a.cosine)
      .slice(0, 5);
    expect(nearest.after.map(({ row }) => row)).toEqual(expected.map(({ row }) => row));
    nearest.after.forEach((one, i) => expect(one.cosine).toBeCloseTo(expected[i].cosine, 5));
    const alike = opened.engine.nearest("image", 7, codes, "image", 5);
    expect(alike.after.map(({ row }) => row)).not.toContain(7);
  });

  it("searches the images that the seed draws, and is the same without WebAssembly", async () => {
    const { read, engine } = await open(names[0], undefined, 500);
    expect(read.searched).toEqual({ most: 500, images: pairs, texts: pairs, ofImages: pairs });
    const plain = await InterventionEngine.open(read.data, plainProducts);
    expect((await plain.apply(ones(32))).recall).toEqual((await engine.apply(ones(32))).recall);
  });

  it("reads codes and rows of long files by their places, to the same numbers", async () => {
    const name = names[0];
    const source = folderSource({ study: at("study"), set: at("set") });
    const path = `study/dictionaries/${name}/analysis/codes.safetensors`;
    const sizes = { concepts: 32, imageRows: pairs, textRows: pairs };
    const wanted = { image: Uint32Array.of(3, 4, 200, 7), text: Uint32Array.of(0, 239, 239, 5) };
    const whole = await readCodes(source, path, sizes, wanted);
    const some = await readCodes(source, path, sizes, wanted, 0);
    expect([whole.whole, some.whole]).toEqual([true, false]);
    expect(some.codes).toEqual(whole.codes);
    const matrix = await npyMatrix(await rangedFile(source, "set/images.npy"));
    const rows = Uint32Array.of(9, 0, 239, 10, 11, 9, 100);
    expect(await gatherRows(matrix, rows, 0)).toEqual(await gatherRows(matrix, rows));
  });

  it("is computed from an exported site alike, which holds no embeddings", async () => {
    await mkdir(at("app"));
    await writeFile(at("app/index.html"), "");
    await exportSite({
      study: at("study"),
      out: at("site"),
      application: at("app"),
      dictionaries: ["centred"],
    });
    const there = await open("centred", { study: at("site/data/study"), set: at("site/data/set") });
    const here = await open("centred");
    expect(there.summary.set.similarity).toBe("pairs");
    const scales = await scalesOf(here, "centred", { keep: "bimodal" });
    expect(await there.engine.apply(scales)).toEqual(await here.engine.apply(scales));
  });
});
