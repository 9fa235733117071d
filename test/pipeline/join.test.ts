/** Several embedding sets of one model as one. */
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { writeNpy } from "../../src/formats/npy.ts";
import { openEmbeddingSet } from "../../src/pipeline/embedding-set.ts";
import { importEmbeddings } from "../../src/pipeline/import.ts";
import { joinSets } from "../../src/pipeline/join/join.ts";
import { scratch } from "./folders.ts";

const at = scratch();

interface Given {
  readonly images: number;
  readonly texts: number;
  readonly dimension?: number;
  readonly model?: string;
  readonly pairs: readonly (readonly [number, number])[];
  /** Columns of the images' items beside `file`. */
  readonly columns: Readonly<Record<string, (row: number) => string | number>>;
  readonly pictures?: string;
}

/** Row r of a set is (offset + r) · e₀ + e₁. */
async function make(name: string, offset: number, given: Given): Promise<void> {
  const { images, texts, dimension = 4, model, pairs, columns, pictures } = given;
  const put = async (file: string, content: string | Uint8Array): Promise<string> => {
    await writeFile(at(`${name}-${file}`), content);
    return at(`${name}-${file}`);
  };
  const matrix = (rows: number, first: number): Uint8Array => {
    const values = new Float32Array(rows * dimension);
    for (let r = 0; r < rows; r++) values.set([first + r, 1], r * dimension);
    return writeNpy(values, [rows, dimension]);
  };
  const row = (_: unknown, r: number): string =>
    [`${r}.png`, ...Object.values(columns).map((value) => value(r))].join(",");
  const table = [["file", ...Object.keys(columns)].join(","), ...Array.from({ length: images }, row)];
  await importEmbeddings({
    images: [await put("images.npy", matrix(images, offset))],
    texts: [await put("texts.npy", matrix(texts, offset + 500))],
    imageItems: await put("items.csv", table.join("\n")),
    pairs: await put("pairs.csv", `image_row,text_row\n${pairs.map((pair) => pair.join(",")).join("\n")}\n`),
    out: at(name),
    ...(model === undefined ? {} : { model }),
    ...(pictures === undefined ? {} : { imageRoot: at(pictures) }),
  });
}

beforeAll(async () => {
  for (const [folder, file] of [
    ["pictures/flickr", "0.png"],
    ["pictures/coco", "1.png"],
  ] as const) {
    await mkdir(at(folder), { recursive: true });
    await writeFile(join(at(folder), file), "");
  }
  const model = "clip-vit-b32";

  await mkdir(at("sets"));
  await make("sets/flickr", 0, {
    model,
    images: 3,
    texts: 2,
    pairs: [
      [0, 0],
      [2, 1],
    ],
    columns: { source: () => "flickr8k", year: (r) => 2000 + r },
    pictures: "pictures/flickr",
  });
  await make("sets/coco", 100, {
    model,
    images: 2,
    texts: 4,
    pairs: [
      [1, 3],
      [1, 0],
    ],
    columns: { source: () => "coco", split: (r) => (r === 0 ? "train" : "val") },
    pictures: "pictures/coco",
  });
  await make("sets/unnamed", 200, { images: 1, texts: 1, pairs: [], columns: {} });
  await make("sets/nameless", 250, { images: 1, texts: 1, pairs: [], columns: {} });
  await make("sets/other", 300, { images: 1, texts: 1, model: "siglip", pairs: [], columns: {} });
  await make("sets/wide", 0, { images: 1, texts: 1, dimension: 5, model, pairs: [], columns: {} });
});

const sets = (...names: string[]): string[] => names.map((name) => at("sets", name));

describe("joining sets", () => {
  it("puts rows, pairs and items after each other", async () => {
    const { manifest, notes } = await joinSets({ sets: sets("flickr", "coco"), out: at("both") });
    expect(notes).toEqual([]);
    expect(manifest).toMatchObject({ model: "clip-vit-b32", dimension: 4, pairs: 4 });
    expect(manifest.report.pictures).toMatchObject({ checked: true, found: 2, missing: { count: 3 } });
    const set = await openEmbeddingSet(at("both"), { verify: true });
    const { image, text, pairs } = set.embeddings;
    const [images, texts] = [new Float32Array(5 * 4), new Float32Array(6 * 4)];
    await image.readRange(0, 5, images);
    await text.readRange(0, 6, texts);
    const first = (rows: Float32Array): number[] => [...rows].filter((_, i) => i % 4 === 0);
    expect(first(images)).toEqual([0, 1, 2, 100, 101]);
    expect(first(texts)).toEqual([500, 501, 600, 601, 602, 603]);
    expect([...pairs.image]).toEqual([0, 2, 4, 4]);
    expect([...pairs.text]).toEqual([0, 1, 5, 2]);
    // What a pair joins is what it joined before.
    expect(Array.from(pairs.image, (row, p) => [images[4 * row], texts[4 * pairs.text[p]]])).toEqual([
      [0, 500],
      [2, 501],
      [101, 603],
      [101, 600],
    ]);
    const items = await set.items.image.range(0, 5);
    expect(
      items.map(({ source, further }) => [source, further["year"], further["split"], further["set"]]),
    ).toEqual([
      ["flickr8k", 2000, null, "flickr"],
      ["flickr8k", 2001, null, "flickr"],
      ["flickr8k", 2002, null, "flickr"],
      ["coco", null, "train", "coco"],
      ["coco", null, "val", "coco"],
    ]);
    expect(items.map(({ file }) => file)).toEqual([
      "flickr/0.png",
      "flickr/1.png",
      "flickr/2.png",
      "coco/0.png",
      "coco/1.png",
    ]);
    expect(await set.picturePath(0)).toBe(at("pictures/flickr/0.png"));
    expect(await set.picturePath(4)).toBe(at("pictures/coco/1.png"));
    await set.close();
  });

  it("keeps where rows came from when it joins a joined set", async () => {
    await joinSets({
      sets: [at("both"), ...sets("unnamed")],
      model: "clip-vit-b32",
      out: at("three"),
    });
    const set = await openEmbeddingSet(at("three"));
    expect(await set.items.image.column("set")).toEqual([
      "flickr",
      "flickr",
      "flickr",
      "coco",
      "coco",
      "unnamed",
    ]);
    await set.close();
  });

  it("joins sets that name no model as what the user says they are", async () => {
    const given = { sets: sets("unnamed", "nameless"), model: "siglip", out: at("vouched") };
    expect((await joinSets(given)).manifest.model).toBe("siglip");
  });

  it.each([
    [["flickr"], {}, /^1 set is named; expected at least two to join$/],
    [
      ["flickr", "wide"],
      {},
      /flickr has 4 dimensions and .*wide has 5; only sets of one model can be joined$/,
    ],
    [["flickr", "other"], {}, /flickr says clip-vit-b32 and .*other says siglip; only sets of one model/],
    [
      ["flickr", "unnamed"],
      {},
      /unnamed names no model; if it is the same, say so with --model clip-vit-b32$/,
    ],
    [["unnamed", "nameless"], {}, /unnamed and .*nameless name no model; .* say which with --model <name>$/],
    [["flickr", "unnamed"], { model: "siglip" }, /^--model says siglip and .*flickr says clip-vit-b32/],
    [["flickr", "coco", "flickr"], {}, /hold the same rows; name each set once$/],
    [["flickr", "none"], {}, /none is no embedding set/],
  ] as const)("refuses %j %o in one line", async (names, more, message) => {
    await expect(joinSets({ sets: sets(...names), out: at("never"), ...more })).rejects.toThrow(message);
    await expect(openEmbeddingSet(at("never"))).rejects.toThrow(/is no embedding set/);
  });
});
