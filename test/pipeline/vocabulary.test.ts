import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { writeNpy } from "../../src/formats/npy.ts";
import { readVocabulary } from "../../src/pipeline/vocabulary.ts";

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "viaduct-vocabulary-"));
});
afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

const vectors = Float32Array.of(1, 2, 3, 4, 5, 6);

it("reads the rows of a matrix file, and their names from the text file beside it", async () => {
  const path = join(folder, "words.npy");
  await writeFile(path, writeNpy(vectors, [3, 2]));
  expect(await readVocabulary(path, 2)).toEqual({ vectors, names: null });
  await writeFile(join(folder, "words.txt"), "red\r\ngreen\nblue\n");
  expect(await readVocabulary(path, 2)).toEqual({ vectors, names: ["red", "green", "blue"] });
});

it("says in one line what does not fit", async () => {
  const path = join(folder, "colours.npy");
  await expect(readVocabulary(path, 2)).rejects.toThrow("does not exist; expected an embedding set");
  await writeFile(path, writeNpy(vectors, [3, 2]));
  await expect(readVocabulary(path, 3)).rejects.toThrow("3 texts of 2 dimensions; expected some of 3");
  await writeFile(join(folder, "colours.txt"), "red\n");
  await expect(readVocabulary(path, 2)).rejects.toThrow("1 lines; expected a name for each of the 3 rows");
});
