import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { ViaductError } from "../../src/base/errors.ts";
import { writeNpy } from "../../src/formats/npy.ts";
import { writeNpz } from "../../src/formats/npz.ts";
import { fixtureFolder } from "../../src/formats/testing/fixtures.ts";
import { openEmbeddingSet } from "../../src/pipeline/embedding-set.ts";
import { importEmbeddings, type ImportOptions } from "../../src/pipeline/import.ts";
import { dimension, unitRows, workplace } from "./small-set.ts";

const place = workplace();

/** The import's message, which has to be one line; nothing may be left beside the inputs. */
async function refusal(options: Omit<ImportOptions, "out">, out = "set"): Promise<string> {
  const before = await readdir(place.at("."));
  const error: unknown = await importEmbeddings({ ...options, out: place.at(out) }).then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(ViaductError);
  expect(await readdir(place.at("."))).toEqual(before);
  const { message } = error as ViaductError;
  expect(message).not.toContain("\n");
  return place.bare(message).replaceAll(fixtureFolder, "");
}

const fixture = (name: string): string => join(fixtureFolder, name);

describe("embeddings that cannot be imported", () => {
  it("are missing", async () => {
    expect(await refusal({ images: [place.at("none.npy")] })).toBe(
      "none.npy does not exist; check the path.",
    );
    expect(await refusal({})).toMatch(/^No embeddings are named/);
    expect(await refusal({ images: [await place.npy("e.npy", new Float32Array(0))] })).toMatch(
      /no rows; expected at least one/,
    );
  });

  it("are truncated", async () => {
    const bytes = writeNpy(unitRows(9, 1), [9, dimension]);
    const images = await place.put("images.npy", bytes.subarray(0, 200));
    expect(await refusal({ images: [images] })).toBe(
      "images.npy (9 x 4 float32) is truncated: it has 200 bytes where its header asks for at least 272; copy or write the file again.",
    );
  });

  it("are of another format than their name says, or of none", async () => {
    expect(await refusal({ images: [await place.put("a.npy", "row,x\n1,2\n")] })).toMatch(
      /^a\.npy is no \.npy file: it starts with 72 6f 77/,
    );
    expect(await refusal({ images: [await place.put("a.npz", "row,x\n1,2\n")] })).toMatch(
      /^a\.npz is no \.npz archive/,
    );
    expect(await refusal({ images: [await place.put("a.safetensors", "row,x\n1,2\n")] })).toMatch(
      /^a\.safetensors is no safetensors file/,
    );
    expect(await refusal({ images: [await place.put("a.parquet", "row,x\n1,2\n3,4\n")] })).toMatch(
      /^a\.parquet is no readable Parquet file/,
    );
    expect(await refusal({ images: [await place.put("a.bin", "row,x\n1,2\n")] })).toMatch(
      /^a\.bin is of no known format/,
    );
  });

  it("have several dimensions", async () => {
    const a = await place.npy("a.npy", unitRows(2, 1));
    const b = await place.npy("b.npy", unitRows(2, 1), 8);
    const message =
      "b.npy has 8 dimensions and a.npy 4; expected one joint space: images and texts must come from the same model.";
    expect(await refusal({ images: [a, b] })).toBe(message);
    expect(await refusal({ images: [a], texts: [b] })).toBe(message);
  });

  it("lie in files that hold several", async () => {
    expect(await refusal({ images: [fixture("unclear.npz")] })).toBe(
      "unclear.npz has several arrays that could be the image embeddings; its arrays that can be embeddings: first, second: choose one by writing unclear.npz#first.",
    );
    expect(await refusal({ images: [fixture("types.safetensors")] })).toMatch(
      /several tensors that could be the image embeddings/,
    );
    expect(await refusal({ images: [`${fixture("unclear.npz")}#third`] })).toBe(
      'unclear.npz has no array "third"; its arrays that can be embeddings: first, second.',
    );
    expect(await refusal({ images: [`${fixture("none.parquet")}#id`] })).toBe(
      "none.parquet#id is no column of lists of floating-point numbers; its columns that can be embeddings: embedding.",
    );
    expect(await refusal({ images: [fixture("items.parquet")] })).toMatch(
      /^items\.parquet has no column that can be embeddings .* it has image_path, caption/,
    );
    const whole = await place.put("x.npz", writeNpz({ a: writeNpy(new Float32Array(3), [3]) }));
    expect(await refusal({ images: [whole] })).toMatch(/x\.npz#a has 1 dimensions/);
  });
});

describe("tables that cannot be imported", () => {
  it("are of another length", async () => {
    expect(
      await refusal({
        images: [await place.npy("images.npy", unitRows(3, 1))],
        imageItems: await place.put("images.csv", "file\na\nb\n"),
      }),
    ).toBe(
      "images.csv has 2 items and images.npy 3 rows; expected one item for each row: complete the table or name the one that belongs to these embeddings.",
    );
  });

  it("number rows that are not there, or twice", async () => {
    const images = [await place.npy("images.npy", unitRows(2, 1))];
    const items = (text: string) => place.put("i.csv", text);
    expect(await refusal({ images, imageItems: await items("row,file\n1,a\n2,b\n") })).toMatch(
      /^i\.csv item 2 has row "2"; expected a whole number from 0 to 1/,
    );
    expect(await refusal({ images, imageItems: await items("row,file\n1,a\n1,b\n") })).toMatch(
      /^i\.csv has row 1 twice/,
    );
    expect(await refusal({ images, imageItems: await items("row,file\n0,a\n,b\n") })).toMatch(
      /item 2 has row ""/,
    );
    for (const cell of [" ", "0x1", "true"]) {
      expect(await refusal({ images, imageItems: await items(`row,file\n${cell},a\n0,b\n`) })).toMatch(
        /item 1 has row ".*"; expected a whole number from 0 to 1/,
      );
    }
  });

  it("pair rows that are not there", async () => {
    const images = [await place.npy("images.npy", unitRows(2, 1))];
    const texts = [await place.npy("texts.npy", unitRows(3, 2))];
    const pairs = (text: string) => place.put("p.csv", text);
    expect(await refusal({ images, texts, pairs: await pairs("image_row,text_row\n1,2\n2,0\n") })).toBe(
      "p.csv pair 2 names image row 2; expected 0 to 1, as there are 2 image rows: correct the table or name the one that belongs to these embeddings.",
    );
    expect(await refusal({ images, texts, pairs: await pairs("image_row,text_row\n0,-1\n") })).toMatch(
      /pair 1 has text_row "-1"; expected a row number from 0/,
    );
    expect(await refusal({ images, texts, pairs: await pairs("image_row,text_row\n0,x\n") })).toMatch(
      /pair 1 has text_row "x"; expected a row number/,
    );
    for (const cell of [" ", "true", "0x1", "1e0", "1.0", '""']) {
      expect(await refusal({ images, texts, pairs: await pairs(`image_row,text_row\n0,${cell}\n`) })).toMatch(
        /pair 1 has text_row ".*"; expected a row number from 0/,
      );
    }
    const typed = await place.put("p.jsonl", '{"image_row": 0, "text_row": true}\n');
    expect(await refusal({ images, texts, pairs: typed })).toMatch(
      /pair 1 has text_row true; expected a row/,
    );
    expect(await refusal({ images, texts, pairs: await pairs("a,b\n0,0\n") })).toMatch(
      /^p\.csv has the columns a, b; expected image_row and text_row/,
    );
    expect(await refusal({ images, texts, pairedRows: true })).toMatch(
      /^There are 2 image rows and 3 text rows/,
    );
    expect(await refusal({ images, texts, pairedRows: true, pairs: place.at("p.csv") })).toMatch(
      /give one of them/,
    );
  });

  it("are of no known kind", async () => {
    const images = [await place.npy("images.npy", unitRows(2, 1))];
    expect(await refusal({ images, imageItems: await place.put("items.xlsx", "") })).toMatch(
      /^items\.xlsx is no table that can be read; expected a file ending in \.csv/,
    );
    expect(await refusal({ images, textItems: await place.put("t.csv", "text\na\n") })).toMatch(
      /--texts is not given/,
    );
  });
});

describe("places that cannot be used", () => {
  it("are taken", async () => {
    const images = [await place.npy("images.npy", unitRows(2, 1))];
    await place.put("taken/notes.txt", "mine");
    expect(await refusal({ images }, "taken")).toMatch(/^taken exists and is not empty/);
    expect(await refusal({ images, force: true }, "taken")).toMatch(
      /^taken holds notes\.txt and no manifest\.json of an embedding set/,
    );
    await place.put("site/manifest.json", '{"name": "My site", "icons": []}');
    expect(await refusal({ images, force: true }, "site")).toMatch(
      /^site holds manifest\.json and no manifest\.json of an embedding set/,
    );
    await importEmbeddings({ images, out: place.at("mixed") });
    await place.put("mixed/study/study.json", "{}");
    expect(await refusal({ images, force: true }, "mixed")).toMatch(
      /^mixed holds study beside the embedding set, which --force would remove; move that away/,
    );
    expect(await refusal({ images, imageRoot: place.at("nowhere") })).toMatch(
      /^The image root nowhere does not exist/,
    );
  });

  it("are no clip-retrieval folder, or half of one", async () => {
    await place.put("empty/x", "");
    expect(await refusal({ folder: place.at("empty") })).toMatch(/^empty is no clip-retrieval folder/);
    await place.npy("half/img_emb/img_emb_0.npy", unitRows(2, 1));
    await place.npy("half/img_emb/img_emb_1.npy", unitRows(2, 2));
    await place.npy("half/text_emb/text_emb_0.npy", unitRows(2, 3));
    expect(await refusal({ folder: place.at("half") })).toBe(
      "half has img_emb/img_emb_1.npy and nothing of number 1 beside text_emb/text_emb_0.npy; expected the same numbers in img_emb, text_emb, metadata: the folder is incomplete, copy it again.",
    );
    await place.npy("half/text_emb/text_emb_2.npy", unitRows(2, 3));
    expect(await refusal({ folder: place.at("half") })).toMatch(
      /^half has text_emb\/text_emb_2\.npy and nothing of number 2 beside img_emb/,
    );
    await place.npy("unequal/img_emb/img_emb_0.npy", unitRows(2, 1));
    await place.npy("unequal/img_emb/img_emb_1.npy", unitRows(3, 2));
    await place.npy("unequal/text_emb/text_emb_0.npy", unitRows(3, 3));
    await place.npy("unequal/text_emb/text_emb_1.npy", unitRows(2, 4));
    expect(await refusal({ folder: place.at("unequal") })).toBe(
      "unequal/img_emb/img_emb_0.npy has 2 rows and unequal/text_emb/text_emb_0.npy 3; expected as many, as row i of both belongs together: the folder is incomplete, copy it again.",
    );
    await place.npy("twice/img_emb/img_emb_1.npy", unitRows(2, 1));
    await place.npy("twice/img_emb/img_emb_01.npy", unitRows(2, 2));
    expect(await refusal({ folder: place.at("twice") })).toMatch(
      /^twice has img_emb\/img_emb_1\.npy beside img_emb\/img_emb_01\.npy; expected names that end in a number/,
    );
  });
});

describe("sets that cannot be opened", () => {
  it("are damaged or no sets", async () => {
    const images = [await place.npy("images.npy", unitRows(2, 1))];
    await expect(openEmbeddingSet(place.at("none"))).rejects.toThrow(
      /none is no embedding set \(it has no manifest\.json\); make one with: viaduct import/,
    );
    await place.put("other/manifest.json", '{"schemaVersion": 9}');
    await expect(openEmbeddingSet(place.at("other"))).rejects.toThrow(
      /is no manifest of an embedding set \(schema version 9\)/,
    );
    const { path } = await importEmbeddings({ images, out: place.at("set") });
    await place.put("set/images.npy", writeNpy(unitRows(1, 1), [1, dimension]));
    await expect(openEmbeddingSet(path)).rejects.toThrow(/images\.npy has 144 bytes; its manifest says 160/);
  });
});
