/** Data diets: which rows a run is given, counted exactly, whatever the learner. */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { Random } from "../../src/base/random.ts";
import { writeNpy } from "../../src/formats/npy.ts";
import { createReferenceBackend } from "../../src/kernels/reference/backend.ts";
import { learners } from "../../src/learners/registry.ts";
import { openSplit } from "../../src/pipeline/dictionary-folder.ts";
import { parseDiet, type DietSpec } from "../../src/pipeline/diet/diet.ts";
import { dietName } from "../../src/pipeline/diet/diet-name.ts";
import { feed } from "../../src/pipeline/diet/feed.ts";
import { countsOf, drawnCounts, largestTotal, type Counts } from "../../src/pipeline/diet/mixture.ts";
import { openEmbeddingSet } from "../../src/pipeline/embedding-set.ts";
import { importEmbeddings } from "../../src/pipeline/import.ts";
import { trainStudy } from "../../src/pipeline/train.ts";
import { readFloats, readSafetensorsHeader } from "../../src/formats/safetensors.ts";
import { openFile } from "../../src/platform/node/files/file-source.ts";
import { scratch } from "./folders.ts";

const at = scratch();
const images = 90;
const texts = 60;
const dimension = 8;
const sources = ["met", "coco", "lvis"];
const imageSource = (row: number): string => sources[row % 3];

/** Image row i is named i.png and paired with text row i, while there are any. */
beforeAll(async () => {
  const random = Random.of(4);
  const put = async (name: string, rows: number): Promise<string> => {
    const values = Float32Array.from({ length: rows * dimension }, () => random.normal());
    await writeFile(at(name), writeNpy(values, [rows, dimension]));
    return at(name);
  };
  const numbers = (rows: number): number[] => Array.from({ length: rows }, (_, row) => row);
  await writeFile(
    at("images.csv"),
    `file,source,year\n${numbers(images)
      .map((i) => `${i}.png,${imageSource(i)},${i < 30 ? 1999 : ""}`)
      .join("\n")}\n`,
  );
  await writeFile(
    at("texts.csv"),
    `caption,source\n${numbers(texts)
      .map((i) => `text ${i},${i < 20 ? "met" : ""}`)
      .join("\n")}\n`,
  );
  await writeFile(
    at("pairs.csv"),
    `image_row,text_row\n${numbers(texts)
      .map((i) => `${i},${i}`)
      .join("\n")}\n`,
  );
  await importEmbeddings({
    images: [await put("images.npy", images)],
    texts: [await put("texts.npy", texts)],
    imageItems: at("images.csv"),
    textItems: at("texts.csv"),
    pairs: at("pairs.csv"),
    out: at("set"),
  });
});

interface Fed {
  /** Row numbers in the whole set. */
  readonly image: number[];
  readonly text: number[];
  readonly pairs: number;
  readonly name: string;
}

async function fed(spec: DietSpec): Promise<Fed> {
  const set = await openEmbeddingSet(at("set"));
  try {
    const found = await feed(set, parseDiet(spec));
    const { image, text, pairs } = found.embeddings;
    const rows = image.rows + text.rows;
    const { train } = found.inSet({
      train: Uint32Array.from({ length: rows }, (_, i) => i),
      heldOut: new Uint32Array(0),
    });
    // What is read through the view is what the whole set has at those numbers.
    const read = new Float32Array(rows * dimension);
    await image.readRange(0, image.rows, read);
    await text.gather(
      Uint32Array.from({ length: text.rows }, (_, i) => i),
      read,
      image.rows * dimension,
    );
    const whole = new Float32Array((images + texts) * dimension);
    await set.embeddings.image.readRange(0, images, whole);
    await set.embeddings.text.readRange(0, texts, whole, images * dimension);
    const expected = Array.from(train, (row) => [
      ...whole.subarray(row * dimension, (row + 1) * dimension),
    ]).flat();
    expect([...read]).toEqual(expected);
    for (let p = 0; p < pairs.image.length; p++) {
      expect(train[pairs.image[p]] + images).toBe(train[image.rows + pairs.text[p]]);
    }
    const numbers = [...train];
    expect(numbers).toEqual([...new Set(numbers)].sort((a, b) => a - b));
    return {
      image: numbers.filter((row) => row < images),
      text: numbers.filter((row) => row >= images).map((row) => row - images),
      pairs: pairs.image.length,
      name: dietName(found.record),
    };
  } finally {
    await set.close();
  }
}

const within = (part: readonly number[], whole: readonly number[]): boolean =>
  part.every((row) => whole.includes(row));

describe("mixtures", () => {
  it.each([
    ["100:0", undefined, 90, 0],
    ["75:25", undefined, 90, 30],
    ["50:50", undefined, 60, 60],
    ["25:75", undefined, 20, 60],
    ["0:100", undefined, 0, 60],
    ["75:25", 61, 46, 15],
    ["1:2", 10, 3, 7],
    // Beyond the exact ratio, as far as the nearest rows are there.
    ["50:50", 121, 61, 60],
  ])("%s of %s rows is %i images and %i texts", async (mixture, rows, image, text) => {
    const found = await fed({ mixture, ...(rows === undefined ? {} : { rows }) });
    expect([found.image.length, found.text.length]).toEqual([image, text]);
    expect(found.pairs).toBe(found.image.filter((row) => found.text.includes(row)).length);
  });

  it("take the largest total that both modalities allow", () => {
    for (const [image, text] of [
      [1, 1],
      [3, 1],
      [1, 7],
      [10, 3],
    ] as const) {
      const available = { image: 91, text: 57 };
      const total = largestTotal(available, { image, text });
      const counts = countsOf(total, { image, text });
      expect(counts.image + counts.text).toBe(total);
      expect(counts.image <= available.image && counts.text <= available.text).toBe(true);
      const share = (n: number, weight: number): number => (n * weight) / (image + text);
      const more = total + 1;
      expect(share(more, image) > available.image || share(more, text) > available.text).toBe(true);
    }
  });

  it("allow every total whose nearest rows are there, and no other", () => {
    const available = { image: 7, text: 5 };
    for (const mixture of [
      { image: 1, text: 2 },
      { image: 1, text: 1 },
      { image: 0, text: 1 },
      { image: 20, text: 1 },
      null,
    ]) {
      const ratio = mixture ?? available;
      const allowed = Array.from({ length: 20 }, (_, total) => total).filter((total) => {
        const image = Math.round((total * ratio.image) / (ratio.image + ratio.text));
        return image <= available.image && total - image <= available.text;
      });
      for (let total = 0; total < 20; total++) {
        const counts = (): Counts => drawnCounts(available, mixture, total);
        if (allowed.includes(total)) expect(counts().image + counts().text).toBe(total);
        else expect(counts).toThrow(`text rows give at most ${allowed.at(-1)}`);
      }
    }
    expect(drawnCounts({ image: 1, text: 9 }, { image: 1, text: 2 }, 4)).toEqual({ image: 1, text: 3 });
  });

  it("of no rows are none", async () => {
    expect(drawnCounts({ image: 0, text: 0 }, null, null)).toEqual({ image: 0, text: 0 });
    expect(() => drawnCounts({ image: 0, text: 0 }, null, 3)).toThrow(/give at most 0$/);
    await expect(fed({ share: 0.01, where: ["source=met", "year=1999"] })).rejects.toThrow(
      /^no row is left to learn from/,
    );
  });

  it("depend on the seed of the draw alone, and contain smaller ones", async () => {
    const one = await fed({ mixture: "50:50", rows: 40 });
    expect(await fed({ mixture: "50:50", rows: 40, drawSeed: 0 })).toEqual(one);
    const other = await fed({ mixture: "50:50", rows: 40, drawSeed: 1 });
    expect(other.image).not.toEqual(one.image);
    const larger = await fed({ mixture: "75:25", rows: 80 });
    expect(within(one.image, larger.image)).toBe(true);
    expect(within(larger.text, one.text)).toBe(true);
    expect(one.image).not.toEqual([...one.image.keys()]);
  });
});

describe("conditions", () => {
  it("keep rows by any column, several together", async () => {
    const met = await fed({ where: ["source=met"] });
    expect(met.image).toEqual(Array.from({ length: 30 }, (_, i) => 3 * i));
    expect(met.text).toEqual(Array.from({ length: 20 }, (_, i) => i));
    expect(met.pairs).toBe(7);
    const two = await fed({ where: ["source=coco,lvis", "year=1999"] });
    expect(two.image).toEqual([1, 2, 4, 5, 7, 8, 10, 11, 13, 14, 16, 17, 19, 20, 22, 23, 25, 26, 28, 29]);
    expect(two.text).toEqual([]);
    const not = await fed({ where: ["source!=met"] });
    expect(not.image).toHaveLength(60);
    expect(not.text).toEqual(Array.from({ length: 40 }, (_, i) => 20 + i));
  });

  it("keep a share of each modality", async () => {
    const half = await fed({ share: "0.5" });
    expect([half.image.length, half.text.length]).toEqual([45, 30]);
    const quarter = await fed({ share: 0.25, where: ["source=coco"] });
    expect([quarter.image.length, quarter.text.length]).toEqual([8, 0]);
    expect(quarter.image.every((row) => imageSource(row) === "coco")).toBe(true);
  });

  it("keep listed files and their texts, whatever the order of the list", async () => {
    await writeFile(at("list.txt"), "7.png\r\n80.png\n\n3.png\n");
    await writeFile(at("again.txt"), "3.png\n80.png\n7.png\n3.png");
    const listed = await fed({ files: at("list.txt") });
    expect(listed).toMatchObject({ image: [3, 7, 80], text: [3, 7], pairs: 2 });
    expect(await fed({ files: at("again.txt") })).toEqual(listed);
  });
});

describe("names", () => {
  it.each([
    [{ mixture: "75:25" }, /^mix75-25$/],
    [{ mixture: "75:25", rows: "40", drawSeed: "2" }, /^mix75-25-n40-draw2$/],
    [{ where: ["source=met,coco"] }, /^source-met-or-coco$/],
    [{ where: ["source!=met"], share: 0.5 }, /^source-not-met-share0\.5$/],
    [{ where: ["caption!=text 1"] }, /^caption-not-text_1-[0-9a-f]{8}$/],
  ] satisfies [DietSpec, RegExp][])("of %o is %s", async (spec, name) => {
    expect((await fed(spec)).name).toMatch(name);
  });

  it("differ wherever diets differ", async () => {
    const [one, two] = [
      await fed({ where: ["caption=text 1"] }),
      await fed({ where: ["caption=text 1,text 2"] }),
    ];
    expect(one.name).not.toBe(two.name);
  });
});

describe("what cannot be", () => {
  it.each([
    [{ mixture: "half" }, /^mixture is "half"; expected image:text weights such as 75:25$/],
    [
      { mixture: "50:50", rows: 122 },
      /^rows is 122; mixture 50:50 of 90 image and 60 text rows give at most 121$/,
    ],
    [{ rows: 0 }, /^rows is "0"; expected a whole number, at least 1$/],
    [{ share: 1.5 }, /^share is "1.5"; expected a number above 0, at most 1$/],
    [{ where: ["met"] }, /^where is "met"; expected column=value/],
    [{ where: ["sauce=met"] }, /^no item has a column "sauce"; there are row, file, caption, source, year$/],
    [{ where: ["source=metro"] }, /^no row has source "metro"; it is met \(50\), coco \(30\), lvis \(30\)$/],
    [{ where: ["year=1999", "caption=text 1"] }, /^no row fulfils all conditions/],
    [{ files: "none.txt" }, /^none\.txt does not exist/],
  ] satisfies [DietSpec, RegExp][])("%o is refused in one line", async (spec, message) => {
    await expect(fed(spec)).rejects.toThrow(message);
  });

  it("is a list with files that no item has", async () => {
    await writeFile(at("bad.txt"), "3.png\n300.png\n");
    await expect(fed({ files: at("bad.txt") })).rejects.toThrow(
      /names 1 of 2 files that no item has, first "300.png"; names are written as in "0.png"$/,
    );
  });
});

describe("a run on a diet", () => {
  const train = (learner: string, options: object, diet: DietSpec) =>
    trainStudy(
      { set: at("set"), study: at("study"), learner, options: { ...options }, diet },
      { backend: createReferenceBackend(), now: () => 0 },
    );

  it.each(["pca", "topk"])("records it, and measures the whole set: %s", async (name) => {
    expect(learners.map((learner) => learner.name)).toContain(name);
    const options = name === "pca" ? { concepts: 4 } : { concepts: 8, k: 2, epochs: 1, batch: 8 };
    const { run, path } = await train(name, options, { mixture: "50:50", rows: 40 });
    expect(run.name).toMatch(new RegExp(`^${name}-.*-mix50-50-n40-seed0$`));
    expect(run.diet).toMatchObject({ image: 20, text: 20, mixture: { image: 50, text: 50 }, rows: 40 });
    const { all, image, text, train: trained, heldOut } = run.metrics;
    expect([all.rows, image?.rows, text?.rows, trained.rows, heldOut?.rows]).toEqual([150, 90, 60, 36, 4]);
    const split = await openSplit(at("study"), run.name);
    const { image: images20, text: texts20 } = await fed({ mixture: "50:50", rows: 40 });
    const all40 = [...images20, ...texts20.map((row) => row + images)];
    expect([...split.train, ...split.heldOut].sort((a, b) => a - b)).toEqual(all40);
    expect(path).toBe(join(at("study"), "dictionaries", run.name));
  });

  it("gives one modality's principal components, whatever the other's rows are", async () => {
    const { run, path } = await train("pca", { concepts: 4, heldOut: 0 }, { mixture: "0:100" });
    expect(run.name).toBe("pca-4-mix0-100-seed0");
    expect(run.metrics.train).toEqual(run.metrics.text);
    const file = await openFile(join(path, "dictionary.safetensors"));
    const header = await readSafetensorsHeader(file);
    const { data } = await readFloats(file, header, "decoder_bias");
    await file.close();
    const set = await openEmbeddingSet(at("set"));
    const rows = new Float32Array(texts * dimension);
    await set.embeddings.text.readRange(0, texts, rows);
    await set.close();
    for (let t = 0; t < dimension; t++) {
      let sum = 0;
      for (let i = 0; i < texts; i++) sum += rows[i * dimension + t];
      expect(data[t]).toBeCloseTo(sum / texts, 5);
    }
  });

  it("needs both modalities for centring per modality", async () => {
    await expect(train("pca", { concepts: 4, center: "per-modality" }, { mixture: "0:100" })).rejects.toThrow(
      /^center is per-modality and the run is given 0 image and 60 text rows; it needs rows of both/,
    );
  });
});
