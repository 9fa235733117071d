import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { rowsInMemory } from "../../src/base/rows.ts";
import { writeNpy } from "../../src/formats/npy.ts";
import { learnerNamed } from "../../src/learners/registry.ts";
import type { EmbeddingSet } from "../../src/pipeline/embedding-set.ts";
import { conceptWords } from "../../src/pipeline/paper/examples.ts";
import { configureRun } from "../../src/pipeline/train.ts";
import { readVocabulary, vocabularyName } from "../../src/pipeline/vocabulary.ts";
import { studyLayout } from "../../src/protocol/study-layout.ts";

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "viaduct-vocabulary-"));
});
afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

const vectors = Float32Array.of(1, 2, 3, 4, 5, 6);
const small = {
  image: rowsInMemory(vectors, 2),
  text: rowsInMemory(vectors, 2),
  dimension: 2,
  pairs: { image: new Uint32Array(), text: new Uint32Array() },
};

it("reads the rows of a matrix file, and their names from the text file beside it", async () => {
  const path = join(folder, "words.npy");
  await writeFile(path, writeNpy(vectors, [3, 2]));
  expect(await readVocabulary(path, 2)).toEqual({ vectors, names: null });
  await writeFile(join(folder, "words.txt"), "red\r\ngreen\nblue\n");
  expect(await readVocabulary(path, 2)).toEqual({ vectors, names: ["red", "green", "blue"] });
});

it("tells dictionaries of different vocabularies apart by their default names", () => {
  const nameOf = (vocabulary: string): string =>
    configureRun(learnerNamed("fixed-text"), { options: { vocabulary } }, { embeddings: small, record: null })
      .name;
  expect(nameOf("of colours/words.npy")).toMatch(/^fixed-text-words-[0-9a-f]{8}-l0-16-seed0$/);
  expect(nameOf("of colours/words.npy")).not.toBe(nameOf("of animals/words.npy"));
  expect(nameOf("of colours/words.npy")).toBe(nameOf("of colours/words.npy"));
  expect(vocabularyName("sets/my words (2)/")).toMatch(/^my_words_2_-[0-9a-f]{8}$/);
});

it("gives concepts their names in the tables of reports", async () => {
  const names = join(folder, studyLayout.dictionary("named").names);
  await mkdir(dirname(names), { recursive: true });
  await writeFile(names, JSON.stringify(["red car", "x".repeat(100)]));
  const study = { path: folder, set: {} as EmbeddingSet };
  const none = {
    rows: 0,
    concepts: 2,
    rowStart: new Uint32Array(1),
    concept: new Uint32Array(),
    value: new Float32Array(),
  };
  const codes = { image: none, text: none };
  const words = await conceptWords(study, { name: "named" }, codes);
  expect(await words(0, "image")).toBe("red car");
  expect(await words(1, "text")).toBe(`${"x".repeat(79)}…`);
  await writeFile(names, '{"0": "red car"}');
  await expect(conceptWords(study, { name: "named" }, codes)).rejects.toThrow("was it changed by hand?");
});

it("says in one line what does not fit", async () => {
  const path = join(folder, "colours.npy");
  await expect(readVocabulary(path, 2)).rejects.toThrow("does not exist; expected an embedding set");
  await writeFile(path, writeNpy(vectors, [3, 2]));
  await expect(readVocabulary(path, 3)).rejects.toThrow("3 texts of 2 dimensions; expected some of 3");
  await writeFile(join(folder, "colours.txt"), "red\n");
  await expect(readVocabulary(path, 2)).rejects.toThrow("1 lines; expected a name for each of the 3 rows");
});
