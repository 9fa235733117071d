import { describe, expect, it } from "vitest";
import { Random } from "../../base/random.ts";
import { rowsInMemory } from "../../base/rows.ts";
import type { Cell } from "../../formats/table.ts";
import { createReferenceBackend } from "../../kernels/reference/backend.ts";
import { encodeRows } from "../../learners/codes.ts";
import type { Dictionary } from "../../learners/dictionary.ts";
import type { ItemTable } from "../embedding-set-items.ts";
import { captionWords, wordsOf } from "./caption-words.ts";
import { conceptWords } from "./concept-words.ts";

function itemsWith(captions: readonly (string | null)[]): ItemTable {
  const unread = (): never => {
    throw new Error("not read here");
  };
  return {
    rows: captions.length,
    furtherColumns: [],
    range: unread,
    at: unread,
    column: async (name): Promise<readonly Cell[]> => (name === "caption" ? captions : unread()),
  };
}

describe("wordsOf", () => {
  it("takes words in lower case, each once, whatever the script", () => {
    expect(wordsOf("A Dog's red BALL, a red ball!")).toEqual(["dog's", "red", "ball"]);
    expect(wordsOf("Der Größe nach: 12 Äpfel")).toEqual(["der", "größe", "nach", "12", "äpfel"]);
    expect(wordsOf("红色的猫")).toContain("红色");
    expect(wordsOf("🙂 <script> ")).toEqual(["script"]);
    expect(wordsOf("")).toEqual([]);
  });
});

describe("captionWords", () => {
  it("gives pictures the words of their own caption and of those they are paired with", async () => {
    const repeated = (text: string): string[] => Array.from({ length: 5 }, () => text);
    const words = await captionWords(
      {
        image: itemsWith(["tower", null]),
        text: itemsWith([...repeated("red house"), ...repeated("tower")]),
      },
      { image: Uint32Array.of(0, 1), text: Uint32Array.of(0, 5) },
    );
    expect(words!.vocabulary).toEqual(["tower", "house", "red"]);
    const { rowStart, word } = words!.rows.image;
    const of = (row: number): string[] =>
      [...word.subarray(rowStart[row], rowStart[row + 1])].map((w) => words!.vocabulary[w]);
    expect(of(0).toSorted()).toEqual(["house", "red", "tower"]);
    expect(of(1)).toEqual(["tower"]);
  });

  it("is none where no word is in five captions", async () => {
    const none = await captionWords(
      { image: itemsWith([]), text: itemsWith(["one", "two"]) },
      { image: new Uint32Array(), text: new Uint32Array() },
    );
    expect(none).toBeNull();
  });
});

/** Eight things; a row has two of them, along two of eight axes, and its caption says both. */
const things = ["apple", "boat", "castle", "drum", "engine", "feather", "garden", "harbour"];
const dimension = things.length;
const atoms = Float32Array.from({ length: dimension * dimension }, (_, at) =>
  Math.floor(at / dimension) === at % dimension ? 1 : 0,
);
const biases = { encoderBias: new Float32Array(dimension), decoderBias: new Float32Array(dimension) };
const dictionary: Dictionary = {
  dimension,
  concepts: dimension,
  atoms,
  encoder: atoms,
  activation: { kind: "relu" },
  biases: { image: biases, text: biases },
};

describe("conceptWords", () => {
  it("finds the word that each concept means, in all three lists, and sums it up", async () => {
    const random = Random.of(4, "things");
    const rows = 400;
    const vectors = new Float32Array(rows * dimension);
    const captions = Array.from({ length: rows }, (_, i) => {
      const said = [random.integer(dimension), random.integer(dimension)];
      for (const thing of said) vectors[i * dimension + thing] += 0.5 + random.uniform();
      return `a picture of ${said.map((thing) => things[thing]).join(" and ")}`;
    });
    const source = rowsInMemory(vectors, dimension);
    const backend = createReferenceBackend();
    const codes = await encodeRows(dictionary, source, "text", backend);
    const every = Uint32Array.from({ length: rows }, (_, i) => i);
    const mean = new Float64Array(dimension);
    vectors.forEach((value, at) => (mean[at % dimension] += value / rows));
    const input = {
      dictionary,
      set: { dimension, image: source, text: source, pairs: { image: every, text: every } },
      items: { image: itemsWith(captions.map(() => null)), text: itemsWith(captions) },
      codes: { image: codes, text: codes },
      textMean: mean,
      modalityScores: new Float64Array(dimension).fill(0.5),
      backend,
    };
    const words = await conceptWords({ ...input, vocabulary: undefined });
    for (const list of ["texts", "pictures", "direction"]) {
      const first = words.rows.filter((row) => row.list === list && row.rank === 0);
      expect(first.map(({ word }) => word)).toEqual(things);
    }
    expect(words.summary.map((summary) => summary?.split(", ")[0])).toEqual(things);
    expect(words.summary.join(" ").split(/[ ,]+/)).not.toContain("and");
    const sorted = words.rows.map(({ concept }) => concept);
    expect(sorted).toEqual(sorted.toSorted((a, b) => a - b));

    const shifted = atoms.map((value, at) => value + mean[at % dimension]);
    const given = await conceptWords({
      ...input,
      vocabulary: { vectors: shifted, names: things.map((thing) => `the ${thing}`) },
    });
    const direction = given.rows.filter(({ list, rank }) => list === "direction" && rank === 0);
    expect(direction.map(({ word }) => word)).toEqual(things.map((thing) => `the ${thing}`));
    direction.forEach(({ score }) => expect(score).toBeCloseTo(1, 6));
  });

  it("has no words where nothing is said", async () => {
    const codes = {
      rows: 0,
      concepts: dimension,
      rowStart: new Uint32Array(1),
      concept: new Uint32Array(),
      value: new Float32Array(),
    };
    const empty = rowsInMemory(new Float32Array(), dimension);
    const words = await conceptWords({
      dictionary,
      set: {
        dimension,
        image: empty,
        text: empty,
        pairs: { image: new Uint32Array(), text: new Uint32Array() },
      },
      items: undefined,
      codes: { image: codes, text: codes },
      textMean: new Float64Array(dimension),
      modalityScores: new Float64Array(dimension).fill(NaN),
      vocabulary: undefined,
      backend: createReferenceBackend(),
    });
    expect(words.rows).toEqual([]);
    expect(words.summary).toEqual(things.map(() => null));
  });
});
