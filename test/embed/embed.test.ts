/** From pictures and captions to an embedding set, with an encoder whose embeddings can be told beforehand. */
import { mkdir, readFile, readdir, utimes } from "node:fs/promises";
import { packTar } from "modern-tar";
import { describe, expect, it } from "vitest";
import { embedPictures, type EmbedEffects } from "../../src/pipeline/embed/embed.ts";
import { renderEmbedReport } from "../../src/pipeline/embed/render-report.ts";
import { openEmbeddingSet, type EmbeddingSet } from "../../src/pipeline/embedding-set.ts";
import { openThumbnails } from "../../src/pipeline/thumbnails/thumbnail-reader.ts";
import { workplace } from "../import/small-set.ts";
import { dimension, fakeEncoder } from "./fake-encoder.ts";
import { colourOf, embeddingOf, painted } from "./painted.ts";

const { at, put, bare } = workplace();
const load: NonNullable<EmbedEffects["load"]> = () => fakeEncoder();

async function rowsOf(set: EmbeddingSet, modality: "image" | "text"): Promise<number[][]> {
  const source = set.embeddings[modality];
  const rows = new Float32Array(source.rows * dimension);
  await source.readRange(0, source.rows, rows);
  return Array.from({ length: source.rows }, (_, i) => [
    ...rows.subarray(i * dimension, (i + 1) * dimension),
  ]);
}

function expectClose(found: readonly number[], expected: readonly number[]): void {
  // Lossy formats change a colour a little.
  found.forEach((value, i) => expect(Math.abs(value - (expected[i] ?? NaN))).toBeLessThan(0.02));
}

async function photos(count: number): Promise<void> {
  const formats = ["png", "webp", "jpeg", "gif", "avif"] as const;
  for (let i = 0; i < count; i++) {
    const format = formats[i % 5];
    const name = `photos/${String(i).padStart(2, "0")}.${format === "jpeg" ? "jpg" : format}`;
    await put(name, await painted(colourOf(i), format));
  }
}

describe("a folder of pictures with captions beside them", () => {
  it("becomes a set with items, pairs, thumbnails and a report", async () => {
    await photos(9);
    await put(
      "photos/08.svg",
      '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="7"><rect width="9" height="7" fill="#f00"/></svg>',
    );
    await put("photos/00.txt", "one caption");
    await put("photos/01.txt", "another\nand one more");
    await put("photos/02-broken.jpg", "no picture");
    await put("photos/02-broken.txt", "of a broken one");
    await put("photos/03-again.webp", await readFile(at("photos/01.webp")));
    await put("photos/04.txt", " ");
    await put("photos/nothing.txt", "of nothing");
    const notes: string[] = [];
    const { path, manifest } = await embedPictures(
      { pictures: [at("photos")], model: "fake", out: at("set"), batch: 4 },
      { load, note: (line) => notes.push(bare(line)) },
    );
    const set = await openEmbeddingSet(path, { verify: true });
    const files = (await set.items.image.column("file")) as string[];
    expect(files).toEqual([
      "00.png",
      "01.webp",
      "02.jpg",
      "03-again.webp",
      "03.gif",
      "04.avif",
      "05.png",
      "06.webp",
      "07.jpg",
      "08.gif",
      "08.svg",
    ]);
    const rows = await rowsOf(set, "image");
    for (const [row, file] of files.entries()) {
      const colour =
        file === "08.svg"
          ? ([255, 0, 0] as const)
          : colourOf(file === "03-again.webp" ? 1 : Number(file.slice(0, 2)));
      expectClose(rows[row], embeddingOf(colour));
    }
    expect(await set.items.image.column("caption")).toEqual([
      "one caption",
      "another",
      ...Array.from({ length: 9 }, () => null),
    ]);
    expect(await set.items.text.column("caption")).toEqual(["one caption", "another", "and one more"]);
    const { pairs } = set.embeddings;
    expect([[...pairs.image], [...pairs.text]]).toEqual([
      [0, 1, 1],
      [0, 1, 2],
    ]);
    expect((await set.items.image.column("duplicate_of"))[3]).toBe(1);
    expect(await set.picturePath(2)).toBe(at("photos/02.jpg"));
    expect(manifest).toMatchObject({
      model: "fake/means",
      encoder: { device: "cpu", dtype: "fp32", normalization: "l2", runtime: "nothing" },
      dimension,
      imageRoot: "../photos",
      sources: [
        { role: "pictures", rows: 12 },
        { role: "captions", rows: 5 },
      ],
    });
    expect(manifest.report.pictures).toMatchObject({ checked: true, found: 11 });
    expect(manifest.report.embedded).toMatchObject({
      pictures: {
        found: 12,
        embedded: 11,
        unreadable: {
          count: 1,
          first: [
            {
              file: "02-broken.jpg",
              reason: expect.stringMatching(/is no picture that can be read/) as string,
            },
          ],
        },
        withoutCaption: 9,
        duplicates: { count: 1, first: [{ file: "03-again.webp", of: "01.webp" }] },
      },
      captions: {
        embedded: 3,
        empty: { count: 1, first: ["04.avif"] },
        withoutPicture: { count: 1, first: ["nothing.txt"] },
        ofUnreadable: 1,
      },
      batch: 4,
      description: { image: { width: 8, resample: "bicubic" } },
    });
    const dropped = (await readFile(at("set/dropped.csv"), "utf8")).split("\n");
    expect(dropped[0]).toBe("modality,row,reason,file");
    expect(dropped[1]).toMatch(/^image,2,.*no picture that can be read.*,02-broken.jpg$/);
    expect(dropped[2]).toBe("text,3,its picture cannot be used,02-broken.jpg");
    const thumbnails = await openThumbnails(path);
    expect(thumbnails.rows).toBe(11);
    expect(thumbnails.pictureSize(0)).toEqual({ width: 12, height: 10 });
    expect(Buffer.from((await thumbnails.read(0, "large")) ?? []).toString("latin1", 8, 12)).toBe("WEBP");
    await thumbnails.close();
    await set.close();
    expect(notes).toEqual([
      "12 pictures of the folder photos, 4 captions (name.txt beside each picture).",
      "fake/means: there is no other; nothing, batches of 4.",
    ]);
    const report = bare(renderEmbedReport(manifest));
    expect(report).toContain("pictures  11 embedded, of the folder photos");
    expect(report).toContain("1 cannot be used and is left out; dropped.csv lists it:");
    expect(report).toContain("1 with the bytes of an earlier one, kept (03-again.webp = 01.webp)");
    // Nothing is left beside it.
    expect((await readdir(at("."))).sort()).toEqual(["photos", "set"]);
  });

  it("gives the same bytes again, for any number of threads", async () => {
    await photos(11);
    for (const [out, workers] of [
      ["one", 1],
      ["three", 3],
    ] as const) {
      await embedPictures(
        { pictures: [at("photos")], model: "fake", out: at(out), workers, batch: 4, shard: 4 },
        { load },
      );
    }
    for (const file of await readdir(at("one"))) {
      expect((await readFile(at(`one/${file}`))).equals(await readFile(at(`three/${file}`))), file).toBe(
        true,
      );
    }
  });

  it("takes the first pictures, without thumbnails, where it is told so", async () => {
    await photos(4);
    await put("photos/00.txt", "kept");
    await put("photos/03.txt", "of one too many");
    const { manifest } = await embedPictures(
      { pictures: [at("photos")], model: "fake", out: at("set"), limit: 2, thumbnails: false },
      { load },
    );
    expect(manifest).toMatchObject({
      image: { rows: 2 },
      text: { rows: 1 },
      report: { embedded: { limit: 2 } },
    });
    expect(await readdir(at("set"))).not.toContain("thumbnails.parquet");
  });
});

describe("other inputs", () => {
  it("a table, with pictures that are not there and columns of its own", async () => {
    await photos(2);
    await put(
      "list.csv",
      "path,title,source,year\n00.png,Zero,met,1999\nx.jpg,Gone,met,2000\n01.webp,One,dixit,2001\n",
    );
    const { path, manifest } = await embedPictures(
      { pictures: [at("list.csv")], imageRoot: at("photos"), model: "fake", out: at("set") },
      { load },
    );
    const set = await openEmbeddingSet(path);
    expect(await set.items.image.column("year")).toEqual([1999, 2001]);
    expect(await set.items.text.column("year")).toEqual([1999, 2001]);
    expect(await set.items.text.column("source")).toEqual(["met", "dixit"]);
    expect(manifest.report.embedded?.pictures.missing).toEqual({ count: 1, first: ["x.jpg"] });
    expect(await readFile(at("set/dropped.csv"), "utf8")).toContain("image,,missing,x.jpg");
    await set.close();
  });

  it("archives, whose pictures are shown by their thumbnails", async () => {
    const files = await Promise.all(
      [0, 1, 2].map(async (i) => ({ name: `${i}.png`, body: await painted(colourOf(i)) })),
    );
    const texts = [0, 2].map((i) => ({ name: `${i}.txt`, body: new TextEncoder().encode(`caption ${i}`) }));
    const entries = [...files, ...texts].map(({ name, body }) => ({
      header: { name, size: body.length, type: "file" as const },
      body,
    }));
    await put("0.tar", await packTar(entries));
    const { path, manifest } = await embedPictures(
      { pictures: [at("0.tar")], model: "fake", out: at("set") },
      { load },
    );
    expect(manifest).toMatchObject({ imageRoot: null, pairs: 2, sources: [{ role: "archive", rows: 3 }] });
    const set = await openEmbeddingSet(path);
    const rows = await rowsOf(set, "image");
    rows.forEach((row, i) => expectClose(row, embeddingOf(colourOf(i))));
    expect(await set.items.image.column("file")).toEqual(["0.tar/0.png", "0.tar/1.png", "0.tar/2.png"]);
    expect([...set.embeddings.pairs.image]).toEqual([0, 2]);
    const thumbnails = await openThumbnails(path);
    expect(await thumbnails.read(2, "large")).not.toBeNull();
    await thumbnails.close();
    await set.close();
  });

  it("texts alone, and what a tower fails on", async () => {
    await put("words.txt", "red\ngreen\n\noverflow\nred\n");
    const ran = { pictures: 0, texts: [] as string[] };
    const { path, manifest } = await embedPictures(
      { texts: at("words.txt"), model: "fake", out: at("set") },
      { load: () => fakeEncoder({ ran }) },
    );
    const set = await openEmbeddingSet(path);
    expect(await set.items.text.column("caption")).toEqual(["red", "green", "red"]);
    const rows = await rowsOf(set, "text");
    expect(rows[0]).toEqual(rows[2]);
    expect(ran).toEqual({ pictures: 0, texts: ["red", "green", "overflow"] });
    expect(manifest).toMatchObject({
      image: { rows: 0 },
      pairs: 0,
      report: { embedded: { captions: { alone: 3, empty: { count: 1 } } } },
    });
    expect(await readFile(at("set/dropped.csv"), "utf8")).toContain(
      "text,2,its embedding holds NaN or infinities,",
    );
    await set.close();
  });
});

describe("refusals", () => {
  const refusal = (options: Partial<Parameters<typeof embedPictures>[0]>): Promise<string> =>
    embedPictures({ pictures: [at("photos")], model: "fake", out: at("set"), ...options }, { load }).then(
      () => "",
      (error: Error) => bare(error.message),
    );

  it("come before any work, and leave nothing", async () => {
    await photos(1);
    expect(await refusal({ batch: 0 })).toBe("--batch is 0; expected a whole number, at least 1");
    expect(await refusal({ pictures: [] })).toMatch(/^Nothing to embed is named/);
    expect(await refusal({ pictures: [], texts: at("x.txt") })).toBe("x.txt does not exist; check the path.");
    await mkdir(at("set"));
    await put("set/mine.txt", "x");
    expect(await refusal({})).toMatch(/^set exists and is not empty/);
    expect(await refusal({ force: true })).toMatch(/so --force does not replace it/);
    expect((await readdir(at("."))).sort()).toEqual(["photos", "set"]);
  });

  it("print no control characters of names, whatever they hold", async () => {
    await photos(1);
    const name = "\u001b[31mred\n\u202egpj.exe\u2066.jpg";
    await put(`photos/${name}`, "x");
    const { manifest } = await embedPictures(
      { pictures: [at("photos")], model: "fake", out: at("set") },
      { load },
    );
    expect(manifest.report.embedded?.pictures.unreadable.first[0]?.file).toBe(name);
    const report = renderEmbedReport(manifest);
    expect(report).toContain("�[31mred��gpj.exe�.jpg: it is no picture that can be read");
    expect(report.replaceAll("\n", "")).not.toMatch(/[\p{Cc}\u202e\u2066]/u);
  });

  it("a folder in which no picture can be read", async () => {
    await put("photos/a.jpg", "x");
    await put("photos/b.jpg", "");
    expect(await refusal({})).toMatch(
      /^the folder photos: none of 2 pictures can be used \(a.jpg: .*no picture that can be read/,
    );
  });
});

describe("an unfinished set", () => {
  const options = (): Parameters<typeof embedPictures>[0] => ({
    pictures: [at("photos")],
    model: "fake",
    out: at("set"),
    batch: 2,
    shard: 2,
  });

  /** Stops when so many pictures have come through. */
  async function stopAfter(
    pictures: number,
    more: Partial<Parameters<typeof embedPictures>[0]> = {},
  ): Promise<string> {
    const stop = new AbortController();
    const progress: EmbedEffects["progress"] = ({ stage, done }) => {
      if (stage === "pictures" && done >= pictures) stop.abort();
    };
    return embedPictures({ ...options(), ...more }, { load, progress, signal: stop.signal }).then(
      () => "",
      (error: Error) => error.message,
    );
  }

  it("is gone on from, without what is done", async () => {
    await photos(9);
    for (let i = 0; i < 9; i++) await put(`photos/0${i}.txt`, `caption ${i}`);
    expect(await stopAfter(5)).toBe(
      "embedding stopped after 4 of 9 pictures; the same command goes on from there",
    );
    const ran = { pictures: 0, texts: [] as string[] };
    const notes: string[] = [];
    await embedPictures(options(), { load: () => fakeEncoder({ ran }), note: (line) => notes.push(line) });
    expect(ran.pictures).toBe(5);
    expect(notes.at(-1)).toBe("Going on from an earlier run: 4 of 9 pictures are done.");
    await embedPictures({ ...options(), out: at("whole") }, { load });
    for (const file of await readdir(at("whole"))) {
      expect((await readFile(at(`set/${file}`))).equals(await readFile(at(`whole/${file}`))), file).toBe(
        true,
      );
    }
  });

  it("is kept when the run is stopped while the set is put together", async () => {
    await photos(3);
    for (let i = 0; i < 3; i++) await put(`photos/0${i}.txt`, `caption ${i}`);
    const stop = new AbortController();
    const progress: EmbedEffects["progress"] = ({ stage }) => stage === "write" && stop.abort();
    await expect(embedPictures(options(), { load, progress, signal: stop.signal })).rejects.toThrow(
      "embedding stopped while the set was put together; the same command goes on from there",
    );
    expect(await readdir(at("."))).not.toContain("set");
    const ran = { pictures: 0, texts: [] as string[] };
    const { manifest } = await embedPictures(options(), { load: () => fakeEncoder({ ran }) });
    expect(ran).toEqual({ pictures: 0, texts: [] });
    expect(manifest).toMatchObject({ image: { rows: 3 }, text: { rows: 3 }, pairs: 3 });
  });

  it("tells what differs, and begins anew when it is told to", async () => {
    await photos(6);
    await put("photos/00.txt", "a caption");
    await stopAfter(3);
    const refusal = (more: Partial<Parameters<typeof embedPictures>[0]>, hash?: string): Promise<string> =>
      embedPictures(
        { ...options(), ...more },
        { load: () => fakeEncoder(hash === undefined ? {} : { hash }) },
      ).then(
        () => "",
        (error: Error) => bare(error.message),
      );
    expect(await refusal({ batch: 3 })).toBe(
      "set was begun with --batch 2; this run has --batch 3: use the same, or begin anew with --restart",
    );
    expect(await refusal({ thumbnails: false })).toMatch(
      /begun with no --no-thumbnails; this run has --no-thumbnails/,
    );
    expect(await refusal({ limit: 5 })).toMatch(/begun with no --limit; this run has --limit 5/);
    expect(await refusal({}, "1")).toMatch(/begun with other files of the model/);
    await utimes(at("photos/02.jpg"), 1, 1);
    expect(await refusal({})).toMatch(
      /begun with 6 pictures, and now there are 6, the first difference at 02.jpg; files were added/,
    );
    await put("photos/00.txt", "another caption");
    expect(await refusal({ restart: true })).toBe("");
    expect(await readdir(at("set"))).toContain("manifest.json");
  });

  it("tells of captions that changed", async () => {
    await photos(6);
    await put("photos/00.txt", "a caption");
    await stopAfter(3);
    await put("photos/00.txt", "another");
    await expect(embedPictures(options(), { load })).rejects.toThrow(
      /begun with 1 captions, and now there are 1 others/,
    );
  });

  it("is no one's but the process's that makes it", async () => {
    await photos(6);
    let second: Promise<unknown> = Promise.resolve();
    const progress: EmbedEffects["progress"] = ({ stage, done }) => {
      if (stage === "pictures" && done === 2) {
        second = embedPictures(options(), { load }).then(
          () => "",
          (error: Error) => bare(error.message),
        );
      }
    };
    await embedPictures(options(), { load, progress });
    expect(await second).toMatch(/^set is being made by process \d+; wait for it/);
  });
});
