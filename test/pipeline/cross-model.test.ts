/** Dictionaries of different spaces compared through the items that their sets share. */
import { writeFile } from "node:fs/promises";
import { beforeAll, describe, expect, it } from "vitest";
import { Random } from "../../src/base/random.ts";
import { writeNpy } from "../../src/formats/npy.ts";
import { createReferenceBackend } from "../../src/kernels/reference/backend.ts";
import { compareDictionaries } from "../../src/pipeline/compare.ts";
import type { ActivationComparison } from "../../src/pipeline/compare-activations.ts";
import { publishDictionary } from "../../src/pipeline/dictionary-folder.ts";
import { openEmbeddingSet } from "../../src/pipeline/embedding-set.ts";
import { importEmbeddings } from "../../src/pipeline/import.ts";
import { openOrCreateStudy } from "../../src/pipeline/study.ts";
import type { ReconstructionMetrics } from "../../src/protocol/study.ts";
import { scratch } from "./folders.ts";

const at = scratch();
const backend = createReferenceBackend();
const concepts = 20;
const latent = 8;
const images = 120;
const texts = 80;
const random = Random.of(9, "cross-model");
const normal = (count: number): Float32Array => Float32Array.from({ length: count }, () => random.normal());

/** d orthonormal columns in `dimension` ≥ d dimensions: `dimension` x latent, by Gram–Schmidt. */
function rotation(dimension: number): Float32Array[] {
  const columns: Float32Array[] = [];
  while (columns.length < latent) {
    const column = normal(dimension);
    for (const other of columns) {
      const dot = column.reduce((sum, value, t) => sum + value * other[t], 0);
      column.forEach((value, t) => (column[t] = value - dot * other[t]));
    }
    const norm = Math.hypot(...column);
    columns.push(column.map((value) => value / norm));
  }
  return columns;
}

/** Rows of length `latent` as rows of length `dimension`. */
function rotated(rows: Float32Array, columns: readonly Float32Array[]): Float32Array {
  const dimension = columns[0].length;
  const out = new Float32Array((rows.length / latent) * dimension);
  for (let i = 0; i < rows.length / latent; i++) {
    for (let s = 0; s < latent; s++) {
      for (let t = 0; t < dimension; t++) out[i * dimension + t] += rows[i * latent + s] * columns[s][t];
    }
  }
  return out;
}

const space = { image: normal(images * latent), text: normal(texts * latent) };
const atoms = normal(concepts * latent);
for (let i = 0; i < concepts; i++) {
  const atom = atoms.subarray(i * latent, (i + 1) * latent);
  const norm = Math.hypot(...atom);
  atom.forEach((value, t) => (atom[t] = value / norm));
}
const pick = (rows: Float32Array, order: ArrayLike<number>): Float32Array =>
  Float32Array.from(Array.from(order, (i) => [...rows.subarray(i * latent, (i + 1) * latent)]).flat());

interface Space {
  readonly name: string;
  readonly dimension: number;
  readonly imageOrder: ArrayLike<number>;
  readonly textOrder: ArrayLike<number>;
  readonly conceptOrder: ArrayLike<number>;
  readonly named?: boolean;
  /** Whether the set says which model made it. */
  readonly modelKnown?: boolean;
}

/** The items in the given order in a space of their own, and a study with the rotated dictionary. */
async function make({
  name,
  dimension,
  imageOrder,
  textOrder,
  conceptOrder,
  named = true,
  modelKnown = true,
}: Space): Promise<void> {
  const columns = rotation(dimension);
  const put = async (file: string, rows: Float32Array): Promise<string> => {
    await writeFile(at(`${name}-${file}`), writeNpy(rows, [rows.length / dimension, dimension]));
    return at(`${name}-${file}`);
  };
  const table = async (file: string, lines: readonly string[]): Promise<string> => {
    await writeFile(at(`${name}-${file}`), lines.join("\n"));
    return at(`${name}-${file}`);
  };
  // Every caption stands twice, so that the order of repeats matters.
  const caption = (i: number): string => `caption ${i >> 1}`;
  await importEmbeddings({
    images: [await put("images.npy", rotated(pick(space.image, imageOrder), columns))],
    texts: [await put("texts.npy", rotated(pick(space.text, textOrder), columns))],
    ...(modelKnown && { model: name }),
    out: at(`${name}-set`),
    ...(named && {
      imageItems: await table("images.csv", ["file", ...Array.from(imageOrder, (i) => `${i}.png`)]),
      textItems: await table("texts.csv", ["caption", ...Array.from(textOrder, caption)]),
    }),
  });
  const set = await openEmbeddingSet(at(`${name}-set`));
  await openOrCreateStudy(at(name), set);
  await set.close();
  const rows = rotated(pick(atoms, conceptOrder), columns);
  const count = conceptOrder.length;
  const biases = {
    encoderBias: new Float32Array(count).fill(-0.5),
    decoderBias: new Float32Array(dimension),
  };
  const nothing: ReconstructionMetrics = {
    rows: 0,
    r2: 0,
    r2ScalarMean: 0,
    fvu: 0,
    cosine: 0,
    activePerSample: 0,
    deadFraction: 0,
  };
  const mean = { image: new Float32Array(dimension), text: new Float32Array(dimension) };
  await publishDictionary(at(name), "one", {
    fitted: {
      dictionary: {
        dimension,
        concepts: count,
        atoms: rows,
        encoder: rows,
        activation: { kind: "relu" },
        biases: { image: biases, text: biases },
      },
      initialAtoms: null,
      split: { train: Uint32Array.of(0), heldOut: new Uint32Array() },
      preparation: { centring: "none", mean, scale: 1 },
      steps: 0,
      ended: "completed",
      notes: [],
    },
    run: {
      schemaVersion: 1,
      kind: "run",
      name: "one",
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

const numbers = (count: number): number[] => Array.from({ length: count }, (_, i) => i);
const conceptOrder = random.permutation(concepts);
/** Another order, and not all of them. */
const someImages = random.permutation(images).subarray(0, 90);
const plain = { imageOrder: numbers(images), textOrder: numbers(texts), conceptOrder: numbers(concepts) };

beforeAll(async () => {
  await make({ name: "clip", dimension: 12, ...plain });
  await make({ name: "siglip", dimension: 16, ...plain, imageOrder: someImages, conceptOrder });
  await make({ name: "aimv2", dimension: 12, ...plain, conceptOrder });
  await make({ name: "small", dimension: 16, ...plain, conceptOrder: conceptOrder.subarray(0, 14) });
  await make({ name: "silent", dimension: 12, ...plain, conceptOrder, modelKnown: false });
  await make({ name: "mute", dimension: 12, ...plain, imageOrder: someImages, modelKnown: false });
  await make({ name: "unnamed", dimension: 10, ...plain, named: false });
});

async function compare(one: string, other: string): Promise<ActivationComparison> {
  const [found] = await compareDictionaries([at(one), at(other)], { backend });
  if (found?.by !== "activations") throw new Error(`compared by ${found?.by}`);
  return found;
}

describe("two models' dictionaries", () => {
  it.each(["siglip", "aimv2"])("match concept by concept through the items they share: %s", async (other) => {
    const found = await compare("clip", other);
    expect(found.shared).toEqual({ image: other === "siglip" ? 90 : images, text: texts });
    expect(found.matched).toBe(concepts);
    expect(found.stability).toBeCloseTo(1, 5);
    expect(found.energyWeightedStability).toBeCloseTo(1, 5);
    expect(found.stabilityPermuted).toBeLessThan(0.4);
    for (const { concept, match, correlation } of found.matches) {
      expect(conceptOrder[match]).toBe(concept);
      expect(correlation).toBeCloseTo(1, 5);
    }
  });

  it("leave those unmatched that have no counterpart", async () => {
    const found = await compare("clip", "small");
    expect(found.matched).toBe(14);
    expect(found.stability).toBeCloseTo(1, 5);
    const kept = new Set(conceptOrder.subarray(0, 14));
    for (const { concept, match } of found.matches) expect(match >= 0).toBe(kept.has(concept));
    expect((await compare("small", "clip")).stabilityPermuted).toBeCloseTo(found.stabilityPermuted, 1);
  });

  it("are compared as the user says where a set names no model", async () => {
    await expect(compare("silent", "mute")).rejects.toThrow(
      /^silent\/one and mute\/one learned from different embedding sets, and .*silent-set and .*mute-set name no model; say --by directions if one model made both, else --by activations$/,
    );
    await expect(compare("clip", "mute")).rejects.toThrow(/sets, and \S*mute-set names no model; say --by/);
    // One set, whatever made it.
    const [itself] = await compareDictionaries([at("mute"), at("mute")], { backend });
    expect(itself).toMatchObject({ by: "directions", stability: expect.closeTo(1, 6) });
    for (const by of ["directions", "activations"] as const) {
      const [found] = await compareDictionaries([at("silent"), at("mute")], { backend }, by);
      expect(found?.by).toBe(by);
    }
    // Spaces of different dimension are of different models, named or not.
    expect((await compare("mute", "siglip")).stability).toBeCloseTo(1, 5);
  });

  it("cannot be compared without shared items, or by direction", async () => {
    await expect(compare("clip", "unnamed")).rejects.toThrow(
      /clip\/one and unnamed\/one live in different spaces, and their sets share 0 items \(images by file name, texts by caption\); expected at least 16/,
    );
    await expect(compareDictionaries([at("clip"), at("siglip")], { backend }, "directions")).rejects.toThrow(
      /12 dimensions and .* has 16; only dictionaries of one model can be compared by direction/,
    );
  });
});
