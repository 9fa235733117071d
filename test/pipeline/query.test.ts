/** Queries about rows of a set: shares, nearest items and explained similarity, against plain loops. */
import { writeFile } from "node:fs/promises";
import { beforeAll, describe, expect, it } from "vitest";
import { rowsInMemory } from "../../src/base/rows.ts";
import { createReferenceBackend } from "../../src/kernels/reference/backend.ts";
import { decodeCodes, encodeRows } from "../../src/learners/codes.ts";
import { analyzeStudy } from "../../src/pipeline/analyze.ts";
import { openEmbeddingSet } from "../../src/pipeline/embedding-set.ts";
import { importEmbeddings } from "../../src/pipeline/import.ts";
import { openDictionary } from "../../src/pipeline/dictionary-folder.ts";
import { createAnswerer } from "../../src/pipeline/query/answerer.ts";
import { explainPair } from "../../src/pipeline/query/explain.ts";
import { queryStudy, type QueryEffects, type QuerySpec } from "../../src/pipeline/query/query.ts";
import { trainStudy } from "../../src/pipeline/train.ts";
import { dimension, writeSmallEmbeddings } from "../cli/small-embeddings.ts";
import { scratch } from "./folders.ts";

const at = scratch();
const backend = createReferenceBackend();
const effects: QueryEffects = {
  backend,
  encoder: () => Promise.reject(new Error("an encoder was asked for")),
};
const query = (spec: Omit<QuerySpec, "study">) => queryStudy({ study: at("study"), ...spec }, effects);

/** Row, code and reconstruction without decoder bias, from the library's own parts. */
async function side(modality: "image" | "text", row: number) {
  const set = await openEmbeddingSet(at("set"));
  try {
    const { dictionary } = await openDictionary(at("study"), "one");
    const x = new Float32Array(dimension);
    await set.embeddings[modality].gather(Uint32Array.of(row), x);
    const codes = await encodeRows(dictionary, rowsInMemory(x, dimension), modality, backend);
    const bias = dictionary.biases[modality].decoderBias;
    const rebuilt = decodeCodes(codes, dictionary, modality).map((value, q) => value - bias[q]);
    return { x, rebuilt, codes };
  } finally {
    await set.close();
  }
}

const dot = (a: Float32Array, b: Float32Array): number => a.reduce((sum, value, q) => sum + value * b[q], 0);

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
  const options = { concepts: 32, k: 4, epochs: 4, batch: 64 };
  const run = { set: at("set"), study: at("study"), learner: "batch-topk", options, name: "one" };
  await trainStudy(run, { backend, now: () => 0 });
});

describe("a query", () => {
  it("gives every active concept, with shares of the reconstruction that add up to 1", async () => {
    const { concepts, query: about, reconstructionCosine } = await query({ image: "7" });
    const { codes, rebuilt } = await side("image", 7);
    expect(about).toEqual({ modality: "image", words: "7.png", row: 7 });
    expect(new Map(concepts.map((one) => [one.concept, one.activation]))).toEqual(
      new Map(Array.from(codes.concept, (concept, e) => [concept, codes.value[e]])),
    );
    expect(concepts.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1, 6);
    const { dictionary } = await openDictionary(at("study"), "one");
    for (const { concept, activation, share } of concepts) {
      const atom = dictionary.atoms.subarray(concept * dimension, (concept + 1) * dimension);
      expect(share).toBeCloseTo((activation * dot(atom, rebuilt)) / dot(rebuilt, rebuilt), 5);
    }
    expect(reconstructionCosine).toBeGreaterThan(0.5);
  });

  it("finds the nearest rows of both modalities as sorting all of them does, itself left out", async () => {
    const nearest = (await query({ text: "scene 3", nearest: 5 })).nearest!;
    const { x } = await side("text", 3);
    const set = await openEmbeddingSet(at("set"));
    for (const modality of ["image", "text"] as const) {
      const source = set.embeddings[modality];
      const all = new Float32Array(source.rows * dimension);
      await source.readRange(0, source.rows, all);
      const cosines = Array.from({ length: source.rows }, (_, row) => {
        const y = all.subarray(row * dimension, (row + 1) * dimension);
        return { row, cosine: dot(x, y) / Math.sqrt(dot(x, x) * dot(y, y)) };
      }).filter(({ row }) => modality === "image" || row !== 3);
      const expected = cosines.sort((a, b) => b.cosine - a.cosine || a.row - b.row).slice(0, 5);
      expect(nearest[modality].map(({ row }) => row)).toEqual(expected.map(({ row }) => row));
      nearest[modality].forEach(({ cosine }, i) => expect(cosine).toBeCloseTo(expected[i].cosine, 5));
    }
    await set.close();
    expect(nearest.image[0].file).toMatch(/^\d+\.png$/);
    expect(nearest.text[0].caption).toMatch(/^scene \d+$/);
  });

  it("calls concepts by their strongest caption once the dictionary has been analysed", async () => {
    const answerer = createAnswerer(at("study"));
    const named = async (): Promise<boolean> => {
      const { image } = await answerer.ask({ dictionary: "one", image: { row: 7 } });
      expect(image?.query.row).toBe(7);
      return image!.concepts.some(({ words }) => words !== null);
    };
    expect(await named()).toBe(false);
    const before = await query({ text: "scene 3" });
    expect(before.concepts.every(({ words }) => words === null)).toBe(true);
    await analyzeStudy({ study: at("study") }, { backend });
    const after = await query({ text: "scene 3" });
    expect(after.concepts.map(({ concept }) => concept)).toEqual(
      before.concepts.map(({ concept }) => concept),
    );
    // An answerer that was open all the while knows it, too.
    expect(await named()).toBe(true);
    await answerer.close();
    expect(after.concepts[0].words).toMatch(/^scene \d+$|^\d+\.png$/);
  });

  it("asks for the model only for what the set does not hold", async () => {
    await expect(query({ text: "something new" })).rejects.toThrow("an encoder was asked for");
    await writeFile(at("new.png"), "");
    await expect(query({ image: at("new.png") })).rejects.toThrow("an encoder was asked for");
    const given = (vector: Float32Array): QueryEffects => ({
      ...effects,
      encoder: async () => ({ text: async () => vector, picture: async () => vector }),
    });
    const { x } = await side("text", 3);
    const asked = await queryStudy({ study: at("study"), text: "something new" }, given(x));
    expect(asked.query).toEqual({ modality: "text", words: "something new", row: null });
    expect(asked.nearest!.text[0]).toMatchObject({ row: 3 });
    const typed = await queryStudy({ study: at("study"), text: { words: "7" } }, given(x));
    expect(typed.query).toEqual({ modality: "text", words: "7", row: null });
    expect(asked.concepts.map(({ concept }) => concept)).toEqual(
      (await query({ text: "3" })).concepts.map(({ concept }) => concept),
    );
  });

  it("says what it found and what it expected", async () => {
    await expect(query({})).rejects.toThrow("give one of --image and --text");
    await expect(query({ image: "1", text: "2" })).rejects.toThrow("give one of --image and --text");
    await expect(query({ image: "4000" })).rejects.toThrow("has image rows 0 to 399");
    await expect(query({ image: "absent.png" })).rejects.toThrow("is no file and no image of the set");
    await expect(query({ image: "1", dictionary: "two" })).rejects.toThrow('no dictionary "two"');
    // Digits as words are no row: the model is asked for.
    await expect(query({ text: { words: "3" } })).rejects.toThrow("an encoder was asked for");
  });
});

describe("an explained similarity", () => {
  it("adds up exactly, and its terms are those of the two codes", async () => {
    const answer = await explainPair({ study: at("study"), image: "5", text: "5" }, effects);
    const [image, text] = [await side("image", 5), await side("text", 5)];
    expect(answer.similarity).toBeCloseTo(dot(image.x, text.x), 6);
    expect(answer.shared + answer.bridges + answer.remainder).toBeCloseTo(answer.similarity, 6);
    expect(answer.shared + answer.bridges).toBeCloseTo(dot(image.rebuilt, text.rebuilt), 5);
    expect(answer.terms).toHaveLength(image.codes.concept.length * text.codes.concept.length);
    const sum = (kind: string): number =>
      answer.terms.filter((term) => term.kind === kind).reduce((total, { value }) => total + value, 0);
    expect(answer.shared).toBeCloseTo(sum("shared"), 6);
    expect(answer.bridges).toBeCloseTo(sum("bridge"), 6);
    for (const { kind, imageConcept, textConcept } of answer.terms) {
      expect(kind).toBe(imageConcept === textConcept ? "shared" : "bridge");
    }
  });
});
