import { readdir, readFile, rename, stat } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { writeNpy } from "../../src/formats/npy.ts";
import { writeNpz } from "../../src/formats/npz.ts";
import { writeSafetensors } from "../../src/formats/safetensors.ts";
import { allRows, expectedMatrix, fixtureFolder } from "../../src/formats/testing/fixtures.ts";
import { openEmbeddingSet } from "../../src/pipeline/embedding-set.ts";
import { importEmbeddings, renderImportReport } from "../../src/pipeline/import.ts";
import { dimension, unitRows, workplace } from "./small-set.ts";

const place = workplace();

describe("an import", () => {
  it("keeps rows, items and pairs", async () => {
    const [images, texts] = [unitRows(3, 1), unitRows(4, 2)];
    await place.put("pictures/a.png", "");
    const { manifest, path } = await importEmbeddings({
      images: [await place.npy("images.npy", images)],
      texts: [await place.npy("texts.npy", texts)],
      imageItems: await place.put(
        "images.csv",
        'row,source,file,caption,year,code\n2,web,https://example.org/c.jpg,,1999,007\n0,museum,a.png,"A red, round one",,001\n1,museum,b.png,,2001,002\n',
      ),
      textItems: await place.put(
        "texts.jsonl",
        '{"text":"one"}\n{"text":"two"}\n{"text":""}\n{"text":"four"}\n',
      ),
      pairs: await place.put("pairs.csv", "image_row,text_row\n0,0\n0,1\n2,3\n"),
      imageRoot: place.at("pictures"),
      model: "some CLIP",
      out: place.at("set"),
    });
    expect(path).toBe(place.at("set"));
    expect(manifest).toMatchObject({ model: "some CLIP", dimension, pairs: 3, imageRoot: "../pictures" });

    const set = await openEmbeddingSet(path, { verify: true });
    expect(await allRows(set.embeddings.image)).toEqual(images);
    expect(await allRows(set.embeddings.text)).toEqual(texts);
    expect(set.embeddings.pairs).toEqual({ image: Uint32Array.of(0, 0, 2), text: Uint32Array.of(0, 1, 3) });
    expect(await set.items.image.range(0, 3)).toEqual([
      {
        row: 0,
        file: "a.png",
        caption: "A red, round one",
        source: "museum",
        further: { year: null, code: "001" },
      },
      { row: 1, file: "b.png", caption: null, source: "museum", further: { year: 2001, code: "002" } },
      {
        row: 2,
        file: "https://example.org/c.jpg",
        caption: null,
        source: "web",
        further: { year: 1999, code: "007" },
      },
    ]);
    expect((await set.items.text.at([3, 2])).map((item) => item.caption)).toEqual(["four", null]);
    expect(await Promise.all([0, 1, 2].map((row) => set.picturePath(row)))).toEqual([
      place.at("pictures/a.png"),
      null,
      null,
    ]);
    await set.close();
    expect(manifest.report.pictures).toEqual({
      checked: true,
      found: 1,
      missing: { count: 1, first: [1] },
      outside: { count: 0, first: [] },
      web: 1,
      unnamed: 0,
    });
    expect(manifest.report.image).toMatchObject({ unpaired: 1, withCaption: 1, withFile: 3 });
    expect(manifest.report.text).toMatchObject({ unpaired: 1, withCaption: 3, withFile: 0 });
  });

  it("orders items by their own modality's row numbers and keeps the other's as a column", async () => {
    const { path } = await importEmbeddings({
      images: [await place.npy("images.npy", unitRows(2, 1))],
      texts: [await place.npy("texts.npy", unitRows(2, 2))],
      imageItems: await place.put("i.csv", "image_row,file,text_row\n1,b.png,0\n 0 ,a.png,1\n"),
      textItems: await place.put("t.csv", "image_row,caption\n1,first\n0,second\n"),
      out: place.at("set"),
    });
    const set = await openEmbeddingSet(path);
    expect(await set.items.image.range(0, 2)).toMatchObject([
      { file: "a.png", further: { text_row: 1 } },
      { file: "b.png", further: { text_row: 0 } },
    ]);
    expect(await set.items.text.range(0, 2)).toMatchObject([
      { caption: "first", further: { image_row: 1 } },
      { caption: "second", further: { image_row: 0 } },
    ]);
    await set.close();
  });

  it("changes no cell: only columns of plainly written numbers become numbers", async () => {
    const { path } = await importEmbeddings({
      images: [await place.npy("images.npy", unitRows(2, 1))],
      imageItems: await place.put(
        "i.csv",
        "id,price,width,share\n9007199254740993,1.10,640,0.5\n9007199254740992,2,-7,1e-7\n",
      ),
      texts: [await place.npy("texts.npy", unitRows(3, 2))],
      textItems: await place.put("t.csv", "caption\none\n\nthree\n"),
      out: place.at("set"),
    });
    const set = await openEmbeddingSet(path);
    expect((await set.items.image.range(0, 2)).map((item) => item.further)).toEqual([
      { id: "9007199254740993", price: "1.10", width: 640, share: 0.5 },
      { id: "9007199254740992", price: "2", width: -7, share: 1e-7 },
    ]);
    expect((await set.items.text.range(0, 3)).map((item) => item.caption)).toEqual(["one", null, "three"]);
    await set.close();
  });

  it("takes a clip-retrieval folder as it is, float16 and all", async () => {
    const { path, manifest } = await importEmbeddings({
      folder: join(fixtureFolder, "clip-retrieval"),
      out: place.at("set"),
    });
    const set = await openEmbeddingSet(path);
    const { values } = expectedMatrix("clip-retrieval");
    expect(await allRows(set.embeddings.image)).toEqual(values);
    expect(await allRows(set.embeddings.text)).toEqual(values.map((value) => value * 2));
    expect(set.embeddings.pairs.image).toEqual(Uint32Array.of(0, 1, 2, 3, 4));
    expect(manifest.image).toEqual({ rows: 5, dtype: "float16" });
    expect((await stat(join(path, "images.npy"))).size).toBe(128 + 5 * 6 * 2);
    expect(await set.items.image.at([4])).toEqual([
      {
        row: 4,
        file: "00004.jpg",
        caption: "caption 4",
        source: null,
        further: { url: "https://example.org/4.jpg", width: 101 },
      },
    ]);
    expect(await set.items.text.at([0])).toMatchObject([{ caption: "caption 0" }]);
    await set.close();
  });

  it("joins shards of different formats", async () => {
    const images = unitRows(8, 3);
    const part = (from: number, to: number) => images.slice(from * dimension, to * dimension);
    const { path, manifest } = await importEmbeddings({
      images: [
        await place.npy("part-0.npy", part(0, 2)),
        await place.put(
          "part-1.npz",
          writeNpz({
            image: writeNpy(part(2, 3), [1, dimension]),
            text: writeNpy(part(0, 1), [1, dimension]),
          }),
        ),
        (await place.put(
          "part-2.safetensors",
          writeSafetensors({
            a: { shape: [4, dimension], data: part(3, 7) },
            b: { shape: [4, dimension], data: part(0, 4) },
          }),
        )) + "#a",
        await place.npy("odd#name.npy", part(7, 8)),
      ],
      out: place.at("set"),
    });
    const set = await openEmbeddingSet(path);
    expect(await allRows(set.embeddings.image)).toEqual(images);
    await set.close();
    expect(manifest.text.rows).toBe(0);
    expect(manifest.sources.map(({ file, rows }) => [place.bare(file), rows])).toEqual([
      ["part-0.npy", 2],
      ["part-1.npz#image", 1],
      ["part-2.safetensors#a", 4],
      ["odd#name.npy", 1],
    ]);
  });

  it("takes a folder of shards in the order of their numbers", async () => {
    const images = unitRows(3, 4);
    for (const [i, number] of [1, 2, 10].entries()) {
      await place.npy(`shards/part_${number}.npy`, images.slice(i * dimension, (i + 1) * dimension));
    }
    const { path } = await importEmbeddings({ images: [place.at("shards")], out: place.at("set") });
    const set = await openEmbeddingSet(path);
    expect(await allRows(set.embeddings.image)).toEqual(images);
    await set.close();
  });

  it("reads embeddings and items out of one Parquet file", async () => {
    const file = join(fixtureFolder, "several.parquet");
    const { path, manifest } = await importEmbeddings({
      images: [file],
      texts: [`${file}#other`],
      pairedRows: true,
      imageItems: join(fixtureFolder, "none.parquet"),
      out: place.at("set"),
    });
    const set = await openEmbeddingSet(path);
    expect(await allRows(set.embeddings.text)).toEqual(expectedMatrix("wide").values);
    expect(await set.items.image.at([499])).toMatchObject([{ further: { id: 499 } }]);
    expect(manifest.report.leftOutColumns).toMatchObject([{ column: "embedding", reason: "embeddings" }]);
    await set.close();
  });

  it("gives the same bytes for the same input, and another data hash for other data", async () => {
    const make = async (name: string, seed: number) => {
      const images = await place.npy(`${name}.npy`, unitRows(5, seed));
      return importEmbeddings({ images: [images], texts: [images], pairedRows: true, out: place.at(name) });
    };
    const [a, b, c] = [await make("a", 5), await make("b", 5), await make("c", 6)];
    expect(b.manifest.files).toEqual(a.manifest.files);
    expect(b.manifest.dataHash).toBe(a.manifest.dataHash);
    expect(c.manifest.dataHash).not.toBe(a.manifest.dataHash);
  });

  it("reads sets that are larger than the memory allowed for them", async () => {
    const images = unitRows(50, 7);
    const { path } = await importEmbeddings({
      images: [await place.npy("i.npy", images)],
      out: place.at("set"),
    });
    const set = await openEmbeddingSet(path, { memoryLimit: 0 });
    const out = new Float32Array(8);
    await set.embeddings.image.gather(new Uint32Array([49, 3]), out);
    expect(out).toEqual(Float32Array.of(...images.subarray(196), ...images.subarray(12, 16)));
    await set.close();
  });

  it("finds the pictures again after the folder that holds both has moved", async () => {
    await place.put("box/pictures/a.png", "");
    await importEmbeddings({
      images: [await place.npy("i.npy", unitRows(1, 8))],
      imageItems: await place.put("i.csv", "file\na.png\n"),
      imageRoot: place.at("box/pictures"),
      out: place.at("box/set"),
    });
    await rename(place.at("box"), place.at("moved"));
    const set = await openEmbeddingSet(place.at("moved/set"));
    expect(await set.picturePath(0)).toBe(place.at("moved/pictures/a.png"));
    await set.close();
  });
});

describe("unusable rows", () => {
  async function inputs() {
    const images = unitRows(6, 9);
    images.fill(0, dimension, 2 * dimension);
    images[3 * dimension + 1] = NaN;
    images.set(images.slice(0, dimension), 5 * dimension);
    const texts = unitRows(3, 10);
    texts[2 * dimension] = Infinity;
    return {
      images: [await place.npy("images.npy", images)],
      texts: [await place.npy("texts.npy", texts)],
      imageItems: await place.put("images.csv", "caption\ni0\ni1\ni2\ni3\ni4\ni5\n"),
      textItems: await place.put("texts.csv", "caption\nt0\nt1\nt2\n"),
      pairs: await place.put("pairs.csv", "image_row,text_row\n0,0\n1,0\n2,1\n2,2\n4,1\n4,1\n"),
      out: place.at("set"),
    };
  }

  it("stop the import with their number and place, and nothing is left", async () => {
    await expect(importEmbeddings(await inputs())).rejects.toThrow(
      "2 of 6 image rows (1 all zero: row 1; 1 with NaN or infinities: row 3); 1 of 3 text rows (1 with NaN or infinities: row 2) cannot be used; correct them, or leave them out with --drop-invalid.",
    );
    expect((await readdir(place.at("."))).toSorted()).toEqual([
      "images.csv",
      "images.npy",
      "pairs.csv",
      "texts.csv",
      "texts.npy",
    ]);
  });

  it("are left out on request; items and pairs follow", async () => {
    const { path, manifest } = await importEmbeddings({ ...(await inputs()), dropInvalid: true });
    const set = await openEmbeddingSet(path, { verify: true });
    const captions = async (modality: "image" | "text") =>
      (await set.items[modality].range(0, manifest[modality].rows)).map(
        ({ row, caption }) => `${row} ${caption}`,
      );
    expect(await captions("image")).toEqual(["0 i0", "1 i2", "2 i4", "3 i5"]);
    expect(await captions("text")).toEqual(["0 t0", "1 t1"]);
    expect(set.embeddings.pairs).toEqual({
      image: Uint32Array.of(0, 1, 2, 2),
      text: Uint32Array.of(0, 1, 1, 1),
    });
    await set.close();
    expect(await readFile(join(path, "dropped.csv"), "utf8")).toBe(
      "modality,row,reason\nimage,1,all zero\nimage,3,not finite\ntext,2,not finite\n",
    );
    expect(manifest.report.pairs).toEqual({ read: 6, dropped: 2, count: 4, repeated: 1, by: "table" });
    expect(manifest.report.image).toMatchObject({
      read: 6,
      dropped: 2,
      rows: 4,
      zero: { count: 1, first: [1] },
      nonFinite: { count: 1, first: [3] },
      duplicates: { count: 1, first: [5] },
      unpaired: 1,
    });
    const table = renderImportReport(manifest);
    expect(table.split("\n").slice(0, 5)).toEqual([
      "                            images    texts",
      "rows read                        6        3",
      "  with NaN or infinities         1        1  image row 3; text row 2",
      "  all zero                       1        0  image row 1",
      "left out                         2        1  listed in dropped.csv",
    ]);
    expect(table).toContain("pairs     4 (2 left out with their rows, 1 repeat an earlier one)");
  });

  it("cannot be all that there is", async () => {
    const images = await place.npy("i.npy", new Float32Array(2 * dimension));
    await expect(
      importEmbeddings({ images: [images], dropInvalid: true, out: place.at("set") }),
    ).rejects.toThrow("No usable row is left");
  });
});

describe("an import that is stopped", () => {
  it("throws `cancelled` and leaves nothing", async () => {
    const images = await place.npy("i.npy", unitRows(5, 11));
    const controller = new AbortController();
    const stopped = importEmbeddings(
      { images: [images], texts: [images], out: place.at("set") },
      { progress: () => controller.abort(), signal: controller.signal },
    );
    await expect(stopped).rejects.toMatchObject({ code: "cancelled" });
    expect(await readdir(place.at("."))).toEqual(["i.npy"]);
  });
});
