/** What the explorer says of single rows, read by range from a study on disk, against the library's own answers. */
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { beforeAll, describe, expect, it } from "vitest";
import { CodeRows } from "../../src/explorer/data/code-rows.ts";
import type { DataSource } from "../../src/explorer/data/data-source.ts";
import { MatrixRows } from "../../src/explorer/data/matrix-rows.ts";
import { PairTable } from "../../src/explorer/data/pair-table.ts";
import { activeConcepts, matchOf, type RowVectors } from "../../src/explorer/data/row-explained.ts";
import { rowSimilarity } from "../../src/explorer/data/row-similarity.ts";
import { createReferenceBackend } from "../../src/kernels/reference/backend.ts";
import { analyzeStudy } from "../../src/pipeline/analyze.ts";
import { exportSite } from "../../src/pipeline/export/site/export-site.ts";
import { importEmbeddings } from "../../src/pipeline/import.ts";
import { explainPair } from "../../src/pipeline/query/explain.ts";
import { queryStudy, type QueryEffects } from "../../src/pipeline/query/query.ts";
import { openStudyFolder, summarizeStudy } from "../../src/pipeline/study-summary.ts";
import { trainStudy } from "../../src/pipeline/train.ts";
import type { StudySummary } from "../../src/protocol/study-summary.ts";
import { writeSmallEmbeddings } from "../cli/small-embeddings.ts";
import { scratch } from "../pipeline/folders.ts";
import { folderSource } from "./folder-source.ts";

const at = scratch();
const backend = createReferenceBackend();
const effects: QueryEffects = {
  backend,
  encoder: () => Promise.reject(new Error("an encoder was asked for")),
};

function vectorsOf(source: DataSource, { set, dictionaries }: StudySummary, name: string): RowVectors {
  const { atoms } = dictionaries.find((one) => one.name === name)!;
  const pairs = new PairTable(source);
  return {
    codes: new CodeRows(source, name, set.imageRows),
    atoms: atoms && MatrixRows.safetensors(source, `study/${atoms.path}`, atoms.tensor),
    similarity: rowSimilarity(source, set.similarity, pairs),
  };
}

beforeAll(async () => {
  await writeSmallEmbeddings(at());
  await importEmbeddings({
    images: [at("images.npy")],
    texts: [at("texts.npy")],
    imageItems: at("images.csv"),
    textItems: at("texts.csv"),
    pairs: at("pairs.csv"),
    out: at("set"),
  });
  const learners = [
    { name: "sparse", learner: "batch-topk", options: { concepts: 32, k: 4, epochs: 2, batch: 64 } },
    { name: "centred", learner: "topk", options: { concepts: 16, k: 4, epochs: 1, batch: 64 } },
    { name: "signed", learner: "pca", options: { concepts: 6 } },
  ] as const;
  for (const one of learners) {
    const center = one.name === "centred" ? { center: "per-modality" as const } : {};
    await trainStudy({ set: at("set"), study: at("study"), ...one, ...center }, { backend, now: () => 0 });
  }
  await analyzeStudy({ study: at("study") }, { backend });
});

describe("an item", () => {
  const onDisk = () => folderSource({ study: at("study"), set: at("set") });

  it.each(["sparse", "centred", "signed"])("matches another as explain says: %s", async (dictionary) => {
    const summary = await summarizeStudy(await openStudyFolder(at("study")));
    const vectors = vectorsOf(onDisk(), summary, dictionary);
    for (const [image, text] of [
      [5, 5],
      [5, 17],
      [399, 399],
    ] as const) {
      const expected = await explainPair(
        { study: at("study"), dictionary, image: String(image), text: String(text) },
        effects,
      );
      const match = (await matchOf(vectors, image, text))!;
      expect(match.similarity).toBeCloseTo(expected.similarity, 4);
      expect(match.shared).toBeCloseTo(expected.shared, 4);
      expect(match.bridges).toBeCloseTo(expected.bridges, 4);
      expect(match.remainder).toBeCloseTo(expected.remainder, 4);
      expect(match.terms.length).toBe(expected.terms.length);
      const value = new Map(expected.terms.map((t) => [`${t.imageConcept} ${t.textConcept}`, t.value]));
      for (const term of match.terms) {
        const known = value.get(`${term.imageConcept} ${term.textConcept}`)!;
        expect(Math.abs(term.value - known)).toBeLessThan(1e-4);
        expect(term.kind).toBe(term.imageConcept === term.textConcept ? "shared" : "bridge");
      }
    }
  });

  it("has the concepts and shares that a query gives", async () => {
    const summary = await summarizeStudy(await openStudyFolder(at("study")));
    const vectors = vectorsOf(onDisk(), summary, "sparse");
    for (const side of ["image", "text"] as const) {
      const { concepts } = await queryStudy(
        { study: at("study"), dictionary: "sparse", [side]: "7" },
        effects,
      );
      const active = await activeConcepts(vectors, { side, row: 7 });
      expect(active.map(({ concept }) => concept).toSorted((a, b) => a - b)).toEqual(
        concepts.map(({ concept }) => concept).toSorted((a, b) => a - b),
      );
      for (const { concept, activation, share } of active) {
        const known = concepts.find((one) => one.concept === concept)!;
        expect(activation).toBeCloseTo(known.activation, 4);
        expect(share).toBeCloseTo(known.share, 4);
      }
    }
  });

  it("reads of the large files only what it needs", async () => {
    const source = onDisk();
    const summary = await summarizeStudy(await openStudyFolder(at("study")));
    await matchOf(vectorsOf(source, summary, "sparse"), 300, 301);
    const header = 4096 + 8;
    expect(source.read.get("set/images.npy")).toBe(header + 4 * summary.set.dimension);
    expect(source.read.get("set/texts.npy")).toBe(header + 4 * summary.set.dimension);
  });

  it("matches its pair in a static export, where embeddings and encoders stay behind", async () => {
    await mkdir(at("app"));
    await writeFile(at("app/index.html"), "");
    await exportSite({
      study: at("study"),
      out: at("site"),
      application: at("app"),
      dictionaries: ["sparse"],
    });
    const source = folderSource({ study: at("site/data/study"), set: at("site/data/set") });
    const summary = JSON.parse(await readFile(at("site/data/summary.json"), "utf8")) as StudySummary;
    const vectors = vectorsOf(source, summary, "sparse");
    const spec = { study: at("study"), dictionary: "sparse", image: "5", text: "5" };
    const expected = await explainPair(spec, effects);
    const match = (await matchOf(vectors, 5, 5))!;
    for (const part of ["similarity", "shared", "bridges", "remainder"] as const) {
      expect(match[part]).toBeCloseTo(expected[part], 4);
    }
    expect(await matchOf(vectors, 5, 6)).toMatchObject({ similarity: null, remainder: null });
  });

  it("finds what belongs to it from both sides", async () => {
    const pairs = new PairTable(onDisk());
    expect((await pairs.of("image", 5)).map(({ row }) => row)).toEqual([5]);
    expect((await pairs.of("text", 399)).map(({ row }) => row)).toEqual([399]);
    expect(await pairs.of("text", 4000)).toEqual([]);
  });
});
