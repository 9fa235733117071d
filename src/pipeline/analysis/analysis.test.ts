import { mkdtemp, readFile, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { Random } from "../../base/random.ts";
import { rowsInMemory, type EmbeddingRows } from "../../base/rows.ts";
import type { SparseCodes } from "../../base/sparse-codes.ts";
import { bytesInMemory } from "../../formats/byte-source.ts";
import { readParquet, type TableSelection } from "../../formats/parquet.ts";
import type { Table } from "../../formats/table.ts";
import { createReferenceBackend } from "../../kernels/reference/backend.ts";
import type { Dictionary } from "../../learners/dictionary.ts";
import { verifyFiles } from "../../platform/node/files/file-list.ts";
import { studyLayout } from "../../protocol/study-layout.ts";
import { folderManifest } from "../../protocol/study.ts";
import { analyzeDictionary, type Analysis } from "./analyze-dictionary.ts";
import { gapAndRetrieval } from "./gap-and-retrieval.ts";
import { writeAnalysis } from "./write-analysis.ts";

const d = 64;
const twins = 8;
const shared = 4;
/** Image-only 0 … 7, text-only 8 … 15 (twin of i: i + 8), shared 16 … 19, never active 20 … 23. */
const c = 24;
const rows = 400;

/** Rows made of known atoms; the dictionary is the truth, orthonormal but for the twins. */
function plantedWorld(): { dictionary: Dictionary; set: EmbeddingRows } {
  const random = Random.of(9);
  const atoms = new Float32Array(c * d);
  for (let j = 0; j < c; j++) atoms[j * d + j] = 1;
  for (let i = 0; i < twins; i++) {
    atoms[(i + twins) * d + i] = 0.3;
    atoms[(i + twins) * d + i + twins] = Math.sqrt(1 - 0.09);
  }
  const image = new Float32Array(rows * d);
  const text = new Float32Array(rows * d);
  const add = (to: Float32Array, row: number, concept: number, value: number): void => {
    for (let q = 0; q < d; q++) to[row * d + q] += value * atoms[concept * d + q];
  };
  for (let r = 0; r < rows; r++) {
    add(image, r, random.integer(twins), 0);
    const i = random.integer(twins);
    add(image, r, i, 1 + random.uniform());
    add(text, r, i + twins, 1 + random.uniform());
    const s = 2 * twins + random.integer(shared);
    add(image, r, s, 1);
    add(text, r, s, 1);
  }
  const zero = { encoderBias: new Float32Array(c), decoderBias: new Float32Array(d) };
  const all = Uint32Array.from({ length: rows }, (_, r) => r);
  return {
    dictionary: {
      dimension: d,
      concepts: c,
      atoms,
      encoder: atoms,
      activation: { kind: "jumprelu", thresholds: new Float32Array(c).fill(0.9) },
      biases: { image: zero, text: zero },
    },
    set: {
      dimension: d,
      image: rowsInMemory(image, d),
      text: rowsInMemory(text, d),
      pairs: { image: all, text: all },
    },
  };
}

const world = plantedWorld();
const analyze = (): Promise<Analysis> =>
  analyzeDictionary({
    name: "planted",
    learner: "truth",
    ...world,
    backend: createReferenceBackend(),
    seed: 3,
  });

describe("the analysis of a planted world", () => {
  it("finds the modality of every concept and leaves dead ones without a score", async () => {
    const { concepts, metrics } = await analyze();
    concepts.forEach(({ concept, modalityScore }) => {
      if (concept >= 20) expect(modalityScore).toBeNull();
      else expect(modalityScore).toBeCloseTo(concept < 8 ? 1 : concept < 16 ? 0 : 0.5, 1);
    });
    expect(metrics["deadFraction"]).toBeCloseTo(4 / 24, 12);
    expect(metrics["activePerSample"]).toBeCloseTo(2, 12);
    expect(metrics["bridgeSum"]).toBeCloseTo(metrics["pairedInnerProduct"] as number, 6);
  });

  it("joins every twin by its strongest bridge", async () => {
    const { concepts, bridges } = await analyze();
    for (let i = 0; i < twins; i++) {
      const { bridgeStart, bridgeCount } = concepts[i];
      const own = bridges.byImage.slice(bridgeStart, bridgeStart + bridgeCount);
      expect(own[0]).toMatchObject({ imageConcept: i, textConcept: i + twins });
      // 20 shuffles of 144 candidates resolve no smaller q than about this.
      expect(own[0].shuffleQ).toBeLessThan(0.02);
      expect(own.every((bridge, e) => e === 0 || bridge.score <= own[e - 1].score)).toBe(true);
      const { bridgeByTextStart } = concepts[i + twins];
      expect(bridges.byText[bridgeByTextStart]).toMatchObject({ imageConcept: i, textConcept: i + twins });
    }
  });

  it("counts the significant bridges of every concept, all of which are shown", async () => {
    const { concepts, bridges } = await analyze();
    const significant = bridges.byImage.filter(
      ({ score, shuffleQ, permutedQ }) => score > 0 && shuffleQ < 0.05 && permutedQ < 0.05,
    );
    expect(significant.length).toBeGreaterThanOrEqual(shared);
    for (const { concept, significantBridges } of concepts) {
      const own = significant.filter((bridge) => [bridge.imageConcept, bridge.textConcept].includes(concept));
      expect(significantBridges).toBe(own.length);
    }
  });

  it("gives the same numbers for the same seed, and places dead concepts outside the live ones", async () => {
    const one = await analyze();
    const two = await analyze();
    expect(two.concepts).toEqual(one.concepts);
    expect(two.metrics).toEqual(one.metrics);
    const radius = one.concepts.map(({ x, y }) => Math.hypot(x, y));
    expect(radius.every(Number.isFinite)).toBe(true);
    expect(Math.min(...radius.slice(20))).toBeGreaterThan(Math.max(...radius.slice(0, 20)));
  });

  it("searches all pairs for retrieval, and a drawn sample above 5,000 images", async () => {
    const { metrics } = await analyze();
    expect(metrics["modality"]).toMatchObject({
      retrieval: {
        searched: { images: rows, texts: rows, ofImages: rows },
        original: { images: rows, texts: rows },
      },
    });
    const images = 5100;
    const order = Random.of(1).permutation(images);
    const wide = (count: number): EmbeddingRows["image"] => rowsInMemory(new Float32Array(count).fill(1), 1);
    const empty = (count: number): SparseCodes => ({
      rows: count,
      concepts: 1,
      rowStart: new Uint32Array(count + 1),
      concept: new Uint32Array(0),
      value: new Float32Array(0),
    });
    const one = Float32Array.of(1);
    const zero = { encoderBias: new Float32Array(1), decoderBias: one };
    const means = { image: new Float64Array(1), text: new Float64Array(1) };
    const found = await gapAndRetrieval(
      createReferenceBackend(),
      {
        dimension: 1,
        concepts: 1,
        atoms: one,
        encoder: one,
        activation: { kind: "linear" },
        biases: { image: zero, text: zero },
      },
      {
        dimension: 1,
        image: wide(images),
        text: wide(images),
        pairs: { image: Uint32Array.from(order.keys()), text: order },
      },
      { image: empty(images), text: empty(images) },
      means,
      means,
      Float64Array.of(0.5),
      3,
    );
    expect(found.searched).toEqual({ images: 5000, texts: 5000, ofImages: images });
    expect(found.reconstructed.recall).toMatchObject({ images: 5000, texts: 5000 });
  });

  it("shows examples from the top of the range, strongest first, none twice", async () => {
    const { concepts, examples } = await analyze();
    const { exampleStart, exampleCount } = concepts[0];
    const own = examples.slice(exampleStart, exampleStart + exampleCount);
    expect(own.length).toBeGreaterThan(8);
    expect(own.every(({ modality }) => modality === "image")).toBe(true);
    const top = own.filter(({ band }) => band === "top").map(({ activation }) => activation);
    expect(top).toEqual([...top].sort((a, b) => b - a));
    expect(new Set(own.map(({ row }) => row)).size).toBe(own.length);
  });
});

describe("a written analysis", () => {
  const folders: string[] = [];
  afterAll(() => Promise.all(folders.map((folder) => rm(folder, { recursive: true, force: true }))));

  it("reads back row for row, lists its files with their hashes, and is replaced as a whole", async () => {
    const study = await mkdtemp(join(tmpdir(), "viaduct-analysis-"));
    folders.push(study);
    const analysis = await analyze();
    await writeAnalysis(study, "planted", analysis);
    await writeAnalysis(study, "planted", analysis);
    const layout = studyLayout.dictionary("planted").analysis;
    const manifest = folderManifest.parse(JSON.parse(await readFile(join(study, layout.manifest), "utf8")));
    await verifyFiles(join(study, layout.root), manifest.files, { content: true });
    expect((await readdir(join(study, layout.root))).sort()).toEqual(
      [...manifest.files.map(({ path }) => path), "manifest.json"].sort(),
    );
    expect(await readdir(join(study, layout.root, ".."))).toEqual(["analysis"]);

    const table = async (path: string, selection?: TableSelection): Promise<Table> =>
      readParquet(bytesInMemory(path, new Uint8Array(await readFile(join(study, path)))), selection);
    const concepts = await table(layout.concepts);
    const float32 = (value: number | null): number | null => value && Math.fround(value);
    expect(concepts.columns.get("modalityScore")).toEqual(
      analysis.concepts.map((row) => float32(row.modalityScore)),
    );
    expect(concepts.columns.get("bridgeStart")).toEqual(analysis.concepts.map((row) => row.bridgeStart));
    const bridges = await table(layout.bridges);
    expect(bridges.columns.get("score")).toEqual(analysis.bridges.byImage.map((row) => row.score));
    const strongest = (await table(layout.strongestBridges)).columns.get("score")!;
    expect(strongest.length).toBeGreaterThan(5);
    expect(strongest).toEqual(
      analysis.bridges.byImage
        .map(({ score }) => score)
        .filter((score) => score > 0)
        .toSorted((a, b) => b - a)
        .slice(0, 1000),
    );
    const examples = await table(layout.examples);
    expect(examples.columns.get("activation")).toEqual(analysis.examples.map((row) => row.activation));
    expect(examples.columns.get("row")).toEqual(analysis.examples.map((row) => row.row));
    expect(examples.columns.get("band")).toEqual(analysis.examples.map((row) => row.band));
    const metrics = JSON.parse(await readFile(join(study, layout.metrics), "utf8")) as { r2: number };
    expect(metrics.r2).toBe(analysis.metrics["r2"]);
  });
});
