/** WebDataset archives as img2dataset writes them. */
import { readFile } from "node:fs/promises";
import { packTar } from "modern-tar";
import { describe, expect, it } from "vitest";
import { expandBraces } from "../../src/pipeline/embed/sources/brace-range.ts";
import { findListing } from "../../src/pipeline/embed/sources/find-listing.ts";
import { workplace } from "../import/small-set.ts";
import { captionsByPicture, column, counts } from "./listed.ts";

const { at, put } = workplace();

async function tar(name: string, files: Record<string, string>): Promise<string> {
  const entries = Object.entries(files).map(([file, body]) => ({
    header: { name: file, size: Buffer.byteLength(body), type: "file" as const },
    body,
  }));
  return put(name, await packTar(entries));
}

const json = (more: object): string => JSON.stringify({ url: "https://example.org/x", exif: "{}", ...more });

it("lists pictures with their place, captions of text or JSON, and the JSON's columns", async () => {
  const path = await tar("00000.tar", {
    "000000000.jpg": "picture zero",
    "000000000.txt": "zero\n",
    "000000000.json": json({ caption: "not this", key: "000000000", width: 7 }),
    "000000001.webp": "picture one",
    "000000001.json": json({ caption: "one", similarity: 0.25 }),
    "000000002.png": "picture two",
    "000000003.jpg": "picture three",
    "000000003.json": json({ captions: ["three", " ", "drei"] }),
    "000000004.txt": "no picture",
    "000000005.cls": "7",
    "000000006.jpg": "picture six",
    "000000006.json": "{",
  });
  const listing = await findListing({ inputs: [path] });
  expect(captionsByPicture(listing)).toEqual({
    "00000.tar/000000000.jpg": ["zero"],
    "00000.tar/000000001.webp": ["one"],
    "00000.tar/000000002.png": [],
    "00000.tar/000000003.jpg": ["three", "drei"],
    "00000.tar/000000006.jpg": [],
  });
  const bytes = await readFile(path);
  const contents = listing.pictures.map(({ start, bytes: length }) =>
    bytes.toString("utf8", start!, start! + length),
  );
  expect(contents).toEqual(["zero", "one", "two", "three", "six"].map((n) => `picture ${n}`));
  expect(column(listing, "key").pictures).toEqual(["000000000", ...[1, 2, 3, 6].map((n) => `00000000${n}`)]);
  expect(column(listing, "width")).toEqual({
    pictures: [7, null, null, null, null],
    captions: [7, null, null, null],
  });
  expect(column(listing, "similarity").captions).toEqual([null, 0.25, null, null]);
  expect(column(listing, "archive").pictures).toEqual(Array.from({ length: 5 }, () => "00000.tar"));
  expect(listing.further.has("caption") || listing.further.has("exif")).toBe(false);
  expect(listing.leftOutColumns).toEqual([{ file: path, column: "exif", reason: "camera data" }]);
  expect(listing.emptyCaptions).toEqual({ count: 1, first: ["00000.tar/000000003"] });
  expect(listing.captionsWithoutPicture).toEqual({ count: 1, first: ["00000.tar/000000004"] });
  expect(counts(listing.otherFiles)).toEqual({ ".cls": 1, ".json that cannot be read": 1 });
  expect(listing).toMatchObject({ root: null, captionsFrom: "the archives" });
  expect(listing.sources).toEqual([
    { role: "archive", file: path, rows: 5, bytes: bytes.length, dtype: null },
  ]);
});

it("counts links in archives, which hold no picture of their own", async () => {
  const archive = await packTar([
    { header: { name: "first.jpg", size: 1, type: "file" }, body: "a" },
    { header: { name: "second.jpg", size: 0, type: "link", linkname: "first.jpg" } },
  ]);
  const listing = await findListing({ inputs: [await put("linked.tar", archive)] });
  expect(listing.pictures.map(({ file }) => file)).toEqual(["linked.tar/first.jpg"]);
  expect(counts(listing.otherFiles)).toEqual({ "links inside archives": 1 });
});

it("takes names as they are, and leaves hidden files alone", async () => {
  const path = await tar("x.tar", {
    "./a.jpg": "a",
    "./a.txt": "of a",
    "./._a.jpg": "resource fork",
    "../../etc/b.jpg": "b",
    "/c.jpg": "c",
    "folder.with.dots/d.seg.png": "d",
    "folder.with.dots/d.txt": "of d",
    "🦊\n.jpg": "e",
    [`${"x".repeat(10_000)}.jpg`]: "f",
  });
  const listing = await findListing({ inputs: [path] });
  expect(Object.entries(captionsByPicture(listing))).toEqual([
    ["x.tar/./a.jpg", ["of a"]],
    ["x.tar/../../etc/b.jpg", []],
    ["x.tar//c.jpg", []],
    ["x.tar/folder.with.dots/d.seg.png", ["of d"]],
    ["x.tar/🦊\n.jpg", []],
    [`x.tar/${"x".repeat(10_000)}.jpg`, []],
  ]);
});

it("reads several archives: named, in braces, or all of a folder in the order of their numbers", async () => {
  for (const n of [10, 9, 2]) await tar(`shards/part-${n}.tar`, { "0.jpg": "x", "0.txt": `of ${n}` });
  const files = async (input: string): Promise<string[]> =>
    (await findListing({ inputs: [at(input)] })).captions.text.slice();
  expect(await files("shards")).toEqual(["of 2", "of 9", "of 10"]);
  expect(await files("shards/part-{9..10}.tar")).toEqual(["of 9", "of 10"]);
  expect(await files("shards/part-{10,2}.tar")).toEqual(["of 10", "of 2"]);
  expect((await findListing({ inputs: [at("shards")], captionFormat: "none" })).captions.text).toEqual([]);
  await expect(findListing({ inputs: [at("shards/part-{1..2}.tar")] })).rejects.toThrow(
    /part-1.tar does not exist/,
  );
  await expect(findListing({ inputs: [at("shards")], captions: "x.csv" })).rejects.toThrow(
    /hold their own captions/,
  );
});

it("lists what is whole of an archive that was cut off, and says so", async () => {
  const path = await tar("x.tar", { "0.jpg": "x", "1.jpg": "y".repeat(2000) });
  await put("x.tar", (await readFile(path)).subarray(0, 2000));
  const listing = await findListing({ inputs: [path] });
  expect(Object.keys(captionsByPicture(listing))).toEqual(["x.tar/0.jpg"]);
  expect(listing.skipped).toEqual([{ file: "x.tar/1.jpg", reason: "cut off" }]);
});

it("refuses an archive without pictures, and what is no archive", async () => {
  const path = await tar("x.tar", { "0.txt": "x" });
  await expect(findListing({ inputs: [path] })).rejects.toThrow(
    /x.tar: no pictures; expected key.jpg with key.txt/,
  );
  await put("x.tar", "<html>not found</html>".repeat(100));
  await expect(findListing({ inputs: [path] })).rejects.toThrow(/x.tar is no tar archive/);
});

describe("braces", () => {
  it.each([
    ["a-{00000..00002}.tar", ["a-00000.tar", "a-00001.tar", "a-00002.tar"]],
    ["{8..10}", ["8", "9", "10"]],
    ["{x,y}-{1..2}", ["x-1", "x-2", "y-1", "y-2"]],
    ["{one}.tar", ["{one}.tar"]],
    ["plain", ["plain"]],
  ])("%s", (pattern, expanded) => {
    expect(expandBraces(pattern)).toEqual(expanded);
  });

  it("that stand for more files than anybody has are a slip", () => {
    expect(() => expandBraces("{0..99999999999}.tar")).toThrow("expected at most 1000000");
  });
});
