/** Captions in tables, in COCO's and Karpathy's JSON and in Flickr's files. */
import { describe, expect, it } from "vitest";
import { parquetColumn, writeParquet } from "../../src/formats/parquet.ts";
import { withTexts, nothingListed } from "../../src/pipeline/embed/sources/extra-texts.ts";
import { findListing } from "../../src/pipeline/embed/sources/find-listing.ts";
import { firstPictures } from "../../src/pipeline/embed/sources/first-pictures.ts";
import { workplace } from "../import/small-set.ts";
import { captionsByPicture, column } from "./listed.ts";

const { at, put, bare } = workplace();

async function photos(...names: string[]): Promise<void> {
  for (const name of names) await put(`photos/${name}`, "x");
}

describe("a table", () => {
  it("names pictures with captions, a row for each caption; further columns are kept", async () => {
    await photos("b.jpg", "a.jpg", "in/c.jpg");
    const path = await put(
      "photos/list.csv",
      'Image,Caption,dataset,split,votes\nb.jpg,"Two, with a comma",coco,train,3\na.jpg,One,coco,test,4\nb.jpg,Another,coco,train,5\nin/c.jpg,,coco,test,\n',
    );
    const listing = await findListing({ inputs: [path] });
    expect(captionsByPicture(listing)).toEqual({
      "b.jpg": ["Two, with a comma", "Another"],
      "a.jpg": ["One"],
      "in/c.jpg": [],
    });
    expect(column(listing, "split")).toEqual({
      pictures: ["train", "test", "test"],
      captions: ["train", "train", "test"],
    });
    // It differs between the captions of b.jpg.
    expect(column(listing, "votes")).toEqual({ pictures: undefined, captions: [3, 5, 4] });
    expect(listing.source).toEqual(["coco", "coco", "coco"]);
    expect(listing.emptyCaptions).toEqual({ count: 1, first: ["in/c.jpg"] });
    expect(listing.root).toBe(at("photos"));
  });

  it.each(["jsonl", "parquet", "tsv"])("may be %s, with several captions in one cell", async (ending) => {
    await photos("a.jpg", "b.jpg");
    const list = JSON.stringify(["one", "two"]);
    const content = {
      jsonl: `{"file":"a.jpg","captions":["one","two"]}\n{"file":"b.jpg","captions":"[a bracket] is no list"}\n`,
      tsv: `file\tcaptions\na.jpg\t"${list.replaceAll('"', '""')}"\nb.jpg\t[a bracket] is no list\n`,
      parquet: writeParquet([
        parquetColumn("file", ["a.jpg", "b.jpg"]),
        parquetColumn("captions", [list, "[a bracket] is no list"]),
      ]),
    }[ending]!;
    const listing = await findListing({ inputs: [await put(`photos/list.${ending}`, content)] });
    expect(captionsByPicture(listing)).toEqual({
      "a.jpg": ["one", "two"],
      "b.jpg": ["[a bracket] is no list"],
    });
  });

  it("reaches nothing outside the folder of pictures, whatever it names", async () => {
    await photos("a.jpg", "✨.jpg");
    await put("secret.jpg", "x");
    const hostile = [
      "../secret.jpg",
      at("secret.jpg"),
      `file://${at("secret.jpg")}`,
      "..\\secret.jpg",
      "/etc/passwd",
      "https://example.org/a.png",
      `${"x".repeat(10_000)}.jpg`,
      "no\0pe.jpg",
      "line\nbreak.jpg",
      "‮gpj.✨",
      "",
    ];
    const lines = [...hostile, "a.jpg", "./a.jpg", "✨.jpg"].map((file) =>
      JSON.stringify({ file, caption: "c" }),
    );
    const listing = await findListing({ inputs: [await put("photos/list.jsonl", lines.join("\n"))] });
    expect(captionsByPicture(listing)).toEqual({ "a.jpg": ["c", "c"], "✨.jpg": ["c"] });
    expect(listing.skipped.map(({ reason }) => reason)).toEqual([
      "outside the folder of pictures",
      "outside the folder of pictures",
      "outside the folder of pictures",
      "outside the folder of pictures",
      "outside the folder of pictures",
      "on the web",
      "missing",
      "missing",
      "missing",
      "missing",
    ]);
    expect(listing.captionsWithoutPicture.count).toBe(hostile.length);
  });

  it("gives captions to a folder of pictures, by path or by a bare name of its own", async () => {
    await photos("a.jpg", "in/b.jpg", "in/c.jpg", "on/c.jpg");
    const captions = await put(
      "captions.csv",
      "file,caption\nb.jpg,bare\n./a.jpg,dot\nc.jpg,either\non\\c.jpg,on c\nnone.jpg,gone\n",
    );
    const listing = await findListing({ inputs: [at("photos")], captions });
    expect(captionsByPicture(listing)).toEqual({
      "a.jpg": ["dot"],
      "in/b.jpg": ["bare"],
      "in/c.jpg": [],
      "on/c.jpg": ["on c"],
    });
    expect(listing.captionsWithoutPicture).toEqual({ count: 2, first: ["c.jpg", "none.jpg"] });
  });

  it("gives no caption to a picture of the same name in another folder", async () => {
    await photos("1.jpg", "2.jpg", "in/3.jpg");
    const captions = await put(
      "captions.csv",
      "file,caption\ntrain/1.jpg,other\nphotos/1.jpg,own\nelsewhere/2.jpg,only\nfar/in/3.jpg,far\nphotos/in/3.jpg,near\n",
    );
    const listing = await findListing({ inputs: [at("photos")], captions });
    expect(captionsByPicture(listing)).toEqual({ "1.jpg": ["own"], "2.jpg": ["only"], "in/3.jpg": ["near"] });
    expect(listing.captionsWithoutPicture).toEqual({ count: 2, first: ["train/1.jpg", "far/in/3.jpg"] });
  });

  it("may have columns of any name, when they are named", async () => {
    await photos("a.jpg");
    const path = await put("photos/list.csv", "bild,unterschrift\na.jpg,Ein Bild\n");
    await expect(findListing({ inputs: [path] })).rejects.toThrow(
      /has the columns bild, unterschrift; expected one that names the pictures \(file, path, image_path, …\)/,
    );
    const listing = await findListing({ inputs: [path], fileColumn: "bild", captionColumn: "unterschrift" });
    expect(captionsByPicture(listing)).toEqual({ "a.jpg": ["Ein Bild"] });
    await expect(findListing({ inputs: [path], fileColumn: "x" })).rejects.toThrow(/--file-column says x/);
  });

  it("is refused when none of its pictures is there", async () => {
    const path = await put("list.csv", "file\na.jpg\nb.jpg\n");
    const refusal = async (...more: string[]): Promise<string> =>
      findListing({ inputs: [path], ...(more[0] === undefined ? {} : { imageRoot: more[0] }) }).then(
        () => "",
        (error: Error) => bare(error.message),
      );
    expect(await refusal(at("."))).toMatch(
      /^list.csv names 2 pictures \(a.jpg, …\), none of which is in .*; name the folder of the pictures with --image-root.$/,
    );
    await photos("a.jpg");
    expect(await refusal(at("photos"))).toBe("");
    await put("list.csv", "file\nhttps://example.org/a.jpg\n");
    expect(await refusal(at("."))).toMatch(/on the web, which are not fetched; get them first \(img2dataset/);
  });
});

describe("captions in JSON", () => {
  it("are COCO's, with pictures in the order of images", async () => {
    await photos("2.jpg", "1.jpg", "3.jpg");
    const path = await put(
      "captions_val.json",
      JSON.stringify({
        info: {},
        images: [2, 1, 3].map((id) => ({ id, file_name: `${id}.jpg`, width: 1 })),
        annotations: [
          { id: 7, image_id: 1, caption: "one\n" },
          { id: 8, image_id: 2, caption: "two" },
          { id: 9, image_id: 1, caption: "uno" },
          { id: 10, image_id: 4, caption: "of no picture" },
        ],
      }),
    );
    const listing = await findListing({ inputs: [path], imageRoot: at("photos") });
    expect(Object.entries(captionsByPicture(listing))).toEqual([
      ["2.jpg", ["two"]],
      ["1.jpg", ["one\n", "uno"]],
      ["3.jpg", []],
    ]);
    expect(column(listing, "image_id")).toEqual({ pictures: [2, 1, 3], captions: [2, 1, 1] });
    expect(listing.captionsWithoutPicture).toEqual({ count: 1, first: ["record 7 names no picture"] });
    const folder = await findListing({ inputs: [at("photos")], captions: path });
    expect(captionsByPicture(folder)).toEqual({ "1.jpg": ["one\n", "uno"], "2.jpg": ["two"], "3.jpg": [] });
  });

  it("are Karpathy's splits", async () => {
    await photos("val2014/a.jpg");
    const path = await put(
      "dataset_coco.json",
      JSON.stringify({
        images: [
          {
            filepath: "val2014",
            filename: "a.jpg",
            split: "test",
            sentences: [{ raw: "one", tokens: [] }, { raw: "two" }],
          },
        ],
      }),
    );
    const listing = await findListing({ inputs: [path], imageRoot: at("photos") });
    expect(captionsByPicture(listing)).toEqual({ "val2014/a.jpg": ["one", "two"] });
    expect(column(listing, "split").pictures).toEqual(["test"]);
  });

  it("are refused when they are something else", async () => {
    await expect(findListing({ inputs: [await put("a.json", "{")] })).rejects.toThrow(/a.json is no JSON/);
    await expect(
      findListing({ inputs: [await put("a.json", '{"images":[{"id":1,"file_name":"a"}]}')] }),
    ).rejects.toThrow(/has no captions as COCO has them \(annotations: /);
  });
});

describe("Flickr's files", () => {
  it.each([
    ["Flickr8k.token.txt", "a.jpg#0\tA dog runs .\na.jpg#1\tIt runs\nb.jpg.1#0\tgone\n"],
    [
      "results.csv",
      "image_name| comment_number| comment\na.jpg| 0| A dog runs .\na.jpg| 1   It runs\nb.jpg.1| 0| gone\n",
    ],
  ])("%s", async (name, content) => {
    await photos("a.jpg", "b.jpg");
    const path = await put(name, content);
    const listing = await findListing({ inputs: [path], imageRoot: at("photos") });
    expect(captionsByPicture(listing)).toEqual({ "a.jpg": ["A dog runs .", "It runs"] });
    expect(column(listing, "caption_number").captions).toEqual([0, 1]);
    expect(listing.skipped).toEqual([{ file: "b.jpg.1", reason: "missing" }]);
    await put(`photos/${name}`, content);
    const found = await findListing({ inputs: [at("photos")] });
    expect(captionsByPicture(found)).toEqual({ "a.jpg": ["A dog runs .", "It runs"], "b.jpg": [] });
  });

  it("as Kaggle has them, a CSV called captions.txt", async () => {
    await photos("a.jpg");
    await put("photos/captions.txt", "image,caption\na.jpg,A dog\na.jpg,runs\n");
    expect(captionsByPicture(await findListing({ inputs: [at("photos")] }))).toEqual({
      "a.jpg": ["A dog", "runs"],
    });
  });
});

describe("texts without pictures", () => {
  it("come from lines or a column, behind the captions", async () => {
    await photos("a.jpg");
    const listing = await findListing({
      inputs: [await put("photos/l.csv", "file,caption,lang\na.jpg,A,en\n")],
    });
    const lines = await put("words.txt", "red\n\nblue\n");
    const both = await withTexts(listing, lines, {});
    expect(both.captions).toMatchObject({ text: ["A", "red", "blue"], picture: [0, -1, -1] });
    expect(column(both, "lang")).toEqual({ pictures: ["en"], captions: ["en", null, null] });
    expect(both.emptyCaptions.count).toBe(1);
    const table = await put("words.csv", "word\nred\nblue\n");
    expect((await withTexts(nothingListed(), table, {})).captions.text).toEqual(["red", "blue"]);
  });

  it("stay when only the first pictures are taken", async () => {
    await photos("a.jpg", "b.jpg");
    const path = await put("photos/l.csv", "file,caption,n\na.jpg,A,1\nb.jpg,B,2\n");
    const listing = await withTexts(await findListing({ inputs: [path] }), await put("w.txt", "red"), {});
    const first = firstPictures(listing, 1);
    expect(captionsByPicture(first)).toEqual({ "a.jpg": ["A"] });
    expect(first.captions).toMatchObject({ text: ["A", "red"], picture: [0, -1] });
    expect(column(first, "n")).toEqual({ pictures: [1], captions: [1, null] });
  });
});

describe("what cannot be told", () => {
  it.each([
    [
      ["photos", "captions.csv"],
      /2 inputs are named .* expected one folder, one file of captions, or only pictures, or only .tar/,
    ],
    [["words.txt"], /begins with "just words"; expected captions as Flickr8k has them/],
    [["model.onnx"], /is no picture, table or archive that can be read/],
    [["x.tar.gz"], /is compressed; expected an uncompressed .tar/],
    [[], /No pictures are named/],
  ])("%j", async (names, message) => {
    await photos("a.jpg");
    for (const name of ["captions.csv", "words.txt", "model.onnx", "x.tar.gz"]) await put(name, "just words");
    await expect(findListing({ inputs: names.map((name) => at(name)) })).rejects.toThrow(message);
  });
});
