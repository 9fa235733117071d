/** Dictionaries compared from their folders: against themselves, permuted, and against scipy. */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { Random } from "../../src/base/random.ts";
import { bytesInMemory } from "../../src/formats/byte-source.ts";
import { readParquet } from "../../src/formats/parquet.ts";
import { createReferenceBackend } from "../../src/kernels/reference/backend.ts";
import { compareDictionaries, type DirectionComparison } from "../../src/pipeline/compare.ts";
import { openDictionary, publishDictionary } from "../../src/pipeline/dictionary-folder.ts";
import { openEmbeddingSet } from "../../src/pipeline/embedding-set.ts";
import { openOrCreateStudy } from "../../src/pipeline/study.ts";
import type { ConceptMatchRow } from "../../src/protocol/stability.ts";
import { studyLayout } from "../../src/protocol/study-layout.ts";
import type { ReconstructionMetrics } from "../../src/protocol/study.ts";
import { openStudyFolder, summarizeStudy } from "../../src/pipeline/study-summary.ts";
import { importRows, scratch } from "./folders.ts";

interface StoredAtoms {
  concepts: number;
  atoms: number[];
  initial: number[];
}

interface Expected {
  stability: number;
  stabilityAtInit: number;
  energyWeightedStability: number;
  energies: number[];
  match: number[];
}

/** By scipy's linear_sum_assignment: test/fixtures/make/modality.py. */
interface Reference {
  dimension: number;
  image: number[];
  text: number[];
  dictionaries: { a: StoredAtoms; b: StoredAtoms };
  ab: Expected;
  ba: Expected;
}

const folder = join(import.meta.dirname, "../fixtures/measures");
const reference = JSON.parse(readFileSync(join(folder, "comparison.json"), "utf8")) as Reference;
const d = reference.dimension;
const at = scratch();
const backend = createReferenceBackend();

/** z = relu(x·D), without biases: the encoder is the dictionary. */
async function publish(name: string, { concepts, atoms, initial }: StoredAtoms): Promise<void> {
  const set = await openEmbeddingSet(at("set"));
  await openOrCreateStudy(at("study"), set);
  await set.close();
  const biases = { encoderBias: new Float32Array(concepts), decoderBias: new Float32Array(d) };
  const nothing: ReconstructionMetrics = {
    rows: 0,
    r2: 0,
    r2ScalarMean: 0,
    fvu: 0,
    cosine: 0,
    activePerSample: 0,
    deadFraction: 0,
  };
  const rows = Float32Array.from(atoms);
  await publishDictionary(at("study"), name, {
    fitted: {
      dictionary: {
        dimension: d,
        concepts,
        atoms: rows,
        encoder: rows,
        activation: { kind: "relu" },
        biases: { image: biases, text: biases },
      },
      initialAtoms: Float32Array.from(initial),
      split: { train: Uint32Array.of(0), heldOut: new Uint32Array() },
      preparation: {
        centring: "none",
        mean: { image: new Float32Array(d), text: new Float32Array(d) },
        scale: 1,
      },
      steps: 0,
      ended: "completed",
      notes: [],
    },
    run: {
      schemaVersion: 1,
      kind: "run",
      name,
      learner: "relu",
      options: {},
      config: {},
      version: "0",
      engine: backend.description,
      dataHash: "",
      diet: null,
      preparation: { centring: "none", scale: 1 },
      steps: 0,
      ended: "completed",
      notes: [],
      startedAt: "",
      seconds: 0,
      metrics: { all: nothing, image: nothing, text: nothing, train: nothing, heldOut: null },
    },
    history: [],
  });
}

async function readMatches(path: string): Promise<ConceptMatchRow[]> {
  const { columns, rows } = await readParquet(bytesInMemory(path, readFileSync(path)));
  return Array.from({ length: rows }, (_, j) =>
    Object.fromEntries(Array.from(columns, ([name, cells]) => [name, cells[j]])),
  ) as unknown as ConceptMatchRow[];
}

const order = Random.of(3).permutation(reference.dictionaries.a.concepts);
const permutedRows = (rows: readonly number[]): number[] =>
  Array.from(order, (from) => rows.slice(from * d, (from + 1) * d)).flat();

beforeAll(async () => {
  await importRows(at("set"), {
    dimension: d,
    image: Float32Array.from(reference.image),
    text: Float32Array.from(reference.text),
  });
  const { a, b } = reference.dictionaries;
  await publish("a", a);
  await publish("b", b);
  await publish("permuted", { ...a, atoms: permutedRows(a.atoms), initial: permutedRows(a.initial) });
});

const place = (name: string): string => at("study", "dictionaries", name);
async function compare(one: string, two: string): Promise<DirectionComparison> {
  const found = await compareDictionaries([place(one), place(two)], { backend });
  expect(found).toHaveLength(1);
  const [comparison] = found;
  if (comparison?.by !== "directions") throw new Error(`compared by ${comparison?.by}`);
  return comparison;
}

describe("comparing dictionaries", () => {
  it("gives 1 for a dictionary with itself and with itself permuted, concept by concept", async () => {
    for (const other of ["a", "permuted"]) {
      const found = await compare("a", other);
      expect(found.stability).toBeCloseTo(1, 6);
      expect(found.stabilityAtInit).toBeCloseTo(1, 6);
      expect(found.energyWeightedStability).toBeCloseTo(1, 6);
      expect(found.stabilityRandom).toBeGreaterThan(0);
      expect(found.stabilityRandom).toBeLessThan(0.95);
      found.curve.forEach(({ stability }) => expect(stability).toBeCloseTo(1, 6));
      found.matches.forEach(({ concept, match, cosine }) => {
        expect(other === "a" ? match : order[match]).toBe(concept);
        expect(cosine).toBeCloseTo(1, 6);
      });
    }
  });

  it.each([
    ["a", "b", "ab"],
    ["b", "a", "ba"],
  ] as const)("has scipy's optimum and energies for %s and %s", async (one, two, key) => {
    const expected = reference[key];
    const found = await compare(one, two);
    expect(found.matched).toBe(
      Math.min(reference.dictionaries.a.concepts, reference.dictionaries.b.concepts),
    );
    expect(found.stability).toBeCloseTo(expected.stability, 6);
    expect(found.stabilityAtInit).toBeCloseTo(expected.stabilityAtInit, 6);
    expect(found.energyWeightedStability).toBeCloseTo(expected.energyWeightedStability, 6);
    found.matches.forEach(({ match, energy, concept }) => {
      expect(match).toBe(expected.match[concept]);
      expect(energy).toBeCloseTo(expected.energies[concept], 6);
    });
    expect(found.curve.at(-1)).toEqual({
      concepts: found.matched,
      stability: expect.closeTo(found.stability, 9),
    });
  });

  it("does not depend on the order of either's concepts", async () => {
    const [one, two] = [await compare("a", "b"), await compare("permuted", "b")];
    expect(two.stability).toBeCloseTo(one.stability, 9);
    expect(two.energyWeightedStability).toBeCloseTo(one.energyWeightedStability, 6);
    expect(two.stabilityAtInit).toBeCloseTo(one.stabilityAtInit!, 9);
    expect(two.stabilityRandom).toBeCloseTo(one.stabilityRandom, 6);
  });

  it("compares all dictionaries of a study pair by pair", async () => {
    const found = await compareDictionaries([at("study")], { backend });
    expect(found.map(({ a, b }) => `${a} ${b}`)).toEqual([
      "study/a study/b",
      "study/a study/permuted",
      "study/b study/permuted",
    ]);
  });

  it("keeps matches both ways in the study when asked, and lists them while the other stays as it was", async () => {
    const [comparison] = await compareDictionaries([place("a"), place("b")], { backend });
    expect(existsSync(join(place("a"), "stability"))).toBe(false);
    await compareDictionaries([place("a"), place("b")], { backend }, "auto", true);
    const { stability } = studyLayout.dictionary("a");
    const kept = await readMatches(at("study", stability.matches("b")));
    const back = await readMatches(at("study", studyLayout.dictionary("b").stability.matches("a")));
    expect(kept).toHaveLength(reference.dictionaries.a.concepts);
    expect(back).toHaveLength(reference.dictionaries.b.concepts);
    kept.forEach(({ concept, match, cosine }) => {
      const found = comparison.matches[concept];
      expect(match).toBe(found.match < 0 ? null : found.match);
      if (match === null) expect(cosine).toBeNull();
      else expect(back[match]).toEqual({ concept: match, match: concept, cosine });
    });
    const partners = kept.filter(({ match }) => match !== null).length;
    expect(back.filter(({ match }) => match !== null)).toHaveLength(partners);
    const mean = kept.reduce((sum, { cosine }) => sum + (cosine ?? 0), 0) / partners;
    expect(mean).toBeCloseTo(reference.ab.stability, 6);

    const listed = async (): Promise<string[][]> => {
      const { dictionaries } = await summarizeStudy(await openStudyFolder(at("study")));
      return dictionaries.map(({ comparedWith }) => comparedWith);
    };
    expect(await listed()).toEqual([["b"], ["a"], []]);
    const manifest = join(place("b"), "manifest.json");
    const whole = readFileSync(manifest);
    writeFileSync(manifest, `${whole.toString()}\n`);
    expect(await listed()).toEqual([[], ["a"], []]);
    writeFileSync(manifest, whole);
  });

  it("needs two, and says what a folder is not", async () => {
    await expect(compareDictionaries([place("a")], { backend })).rejects.toThrow(
      /is one dictionary; expected at least two/,
    );
    await expect(compareDictionaries([at("set"), at("study")], { backend })).rejects.toThrow(
      /set is neither a study nor a finished dictionary in one; name a study/,
    );
  });

  it("keeps the atoms to the last bit on their way through the folder", async () => {
    const { dictionary, initialAtoms } = await openDictionary(at("study"), "a");
    expect(dictionary.atoms).toEqual(Float32Array.from(reference.dictionaries.a.atoms));
    expect(initialAtoms).toEqual(Float32Array.from(reference.dictionaries.a.initial));
  });
});
