/** A folder of pictures, with captions beside them or without. Contents are not looked at yet. */
import { symlink } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { findListing } from "../../src/pipeline/embed/sources/find-listing.ts";
import { workplace } from "../import/small-set.ts";
import { captionsByPicture, counts } from "./listed.ts";

const { at, put, bare } = workplace();

describe("a folder of pictures", () => {
  it("is searched through to the bottom, in the order of the paths", async () => {
    const names = ["b.PNG", "a/z.jpeg", "a.jpg", "a/b/c.webp", "a-.avif", "Z.gif", "ä.svg"];
    for (const name of names) await put(`photos/${name}`, "x");
    const listing = await findListing({ inputs: [at("photos")] });
    expect(listing.pictures.map(({ file }) => file)).toEqual([
      "Z.gif",
      "a-.avif",
      "a.jpg",
      "a/b/c.webp",
      "a/z.jpeg",
      "b.PNG",
      "ä.svg",
    ]);
    expect(listing).toMatchObject({ captionsFrom: null, root: at("photos"), skipped: [] });
    expect(listing.pictures[2]).toMatchObject({ path: at("photos/a.jpg"), start: null, bytes: 1 });
    expect(listing.sources).toEqual([
      { role: "pictures", file: at("photos"), rows: 7, bytes: 7, dtype: null },
    ]);
  });

  it("takes names as they are: line breaks, emoji, right to left, blanks, dots", async () => {
    const names = [
      " .. .jpg",
      "a\nb.jpg",
      "...jpg",
      "🦊🏽.png",
      "‮gpj.exe.jpg",
      "شمس.webp",
      `${"é".repeat(120)}.jpg`,
    ];
    const visible = names.filter((name) => !name.startsWith("."));
    for (const name of names) await put(join("photos", name), "x");
    const { pictures } = await findListing({ inputs: [at("photos")] });
    expect(pictures.map(({ file }) => file)).toEqual([...visible].sort());
  });

  it("passes hidden files over, and says what else it passed over", async () => {
    for (const name of [
      "a.jpg",
      ".b.jpg",
      "._a.jpg",
      ".git/c.jpg",
      "__MACOSX/a.jpg",
      "x.heic",
      "y.HEIC",
      "LICENSE",
    ])
      await put(`photos/${name}`, "x");
    const listing = await findListing({ inputs: [at("photos")] });
    expect(listing.pictures.map(({ file }) => file)).toEqual(["a.jpg"]);
    expect(counts(listing.otherFiles)).toEqual({ ".heic": 2, "without an ending": 1 });
  });

  it("follows links inside the folder, and none that lead out or nowhere", async () => {
    await put("photos/a.jpg", "x");
    await put("secret.jpg", "x");
    await put("elsewhere/b.jpg", "x");
    await symlink("a.jpg", at("photos/inner.jpg"));
    await symlink(at("secret.jpg"), at("photos/outer.jpg"));
    await symlink("gone.jpg", at("photos/dead.jpg"));
    await symlink(at("elsewhere"), at("photos/folder.jpg"));
    await symlink(at("photos"), at("link"));
    const listing = await findListing({ inputs: [at("link")] });
    expect(listing.pictures.map(({ file }) => file)).toEqual(["a.jpg", "inner.jpg"]);
    expect(listing.skipped.toSorted((a, b) => (a.file < b.file ? -1 : 1))).toEqual([
      { file: "dead.jpg", reason: "missing" },
      { file: "outer.jpg", reason: "outside the folder of pictures" },
    ]);
    expect(counts(listing.otherFiles)).toEqual({ "link to a folder": 1 });
  });

  it("may be given as its pictures", async () => {
    for (const name of ["photos/b.jpg", "photos/a.jpg", "photos/in/c.png"]) await put(name, "x");
    await put("photos/b.txt", "of b");
    const listing = await findListing({
      inputs: ["b.jpg", "a.jpg", "in/c.png"].map((name) => at(`photos/${name}`)),
    });
    expect(captionsByPicture(listing)).toEqual({ "b.jpg": ["of b"], "a.jpg": [], "in/c.png": [] });
    expect(listing.root).toBe(at("photos"));
  });

  it("is refused when it holds no pictures, with what it holds", async () => {
    await put("photos/a.heic", "x");
    const message = await findListing({ inputs: [at("photos")] }).catch((error: Error) =>
      bare(error.message),
    );
    expect(message).toBe(
      "photos holds no pictures (it has 1 .heic); expected files ending in .jpg, .jpeg, .png, .webp, .avif, .gif, .svg, or .tar archives.",
    );
    await expect(findListing({ inputs: [at("nowhere")] })).rejects.toThrow(/nowhere does not exist/);
  });
});

describe("captions beside the pictures", () => {
  it("are a line each; paragraphs where blank lines stand between; one with txt-whole", async () => {
    for (const name of ["one", "lines", "paragraphs", "empty", "windows", "none"])
      await put(`photos/${name}.jpg`, "x");
    await put("photos/one.txt", "A red kite\n");
    await put("photos/lines.txt", "\uFEFFfirst\n second \nthird");
    await put("photos/paragraphs.txt", "\nfirst\nand more\n\n \nsecond\n");
    await put("photos/empty.txt", " \n\n");
    await put("photos/windows.txt", "one\r\ntwo\r\n");
    await put("photos/README.txt", "of no picture");
    const listing = await findListing({ inputs: [at("photos")] });
    expect(captionsByPicture(listing)).toEqual({
      "empty.jpg": [],
      "lines.jpg": ["first", "second", "third"],
      "none.jpg": [],
      "one.jpg": ["A red kite"],
      "paragraphs.jpg": ["first and more", "second"],
      "windows.jpg": ["one", "two"],
    });
    expect(listing.captionsFrom).toBe("name.txt beside each picture");
    expect(listing.emptyCaptions).toEqual({ count: 1, first: ["empty.jpg"] });
    expect(listing.captionsWithoutPicture).toEqual({ count: 1, first: ["README.txt"] });
    const whole = await findListing({ inputs: [at("photos")], captionFormat: "txt-whole" });
    expect(captionsByPicture(whole)).toMatchObject({
      "lines.jpg": ["first second third"],
      "paragraphs.jpg": ["first and more second"],
    });
    const none = await findListing({ inputs: [at("photos")], captionFormat: "none" });
    expect(none.captions.text).toEqual([]);
    expect(counts(none.otherFiles)).toEqual({ ".txt": 6 });
  });

  it("belong to every picture of the name", async () => {
    for (const name of ["a/x.jpg", "a/x.png", "x.jpg"]) await put(`photos/${name}`, "x");
    await put("photos/a/x.txt", "in a");
    const listing = await findListing({ inputs: [at("photos")] });
    expect(captionsByPicture(listing)).toEqual({ "a/x.jpg": ["in a"], "a/x.png": ["in a"], "x.jpg": [] });
  });

  it("stay out of the way of a file of captions in the folder", async () => {
    for (const name of ["a.jpg", "b.jpg"]) await put(`photos/${name}`, "x");
    await put("photos/a.txt", "beside");
    await put("photos/metadata.csv", "file_name,text\na.jpg,from the table\n");
    const listing = await findListing({ inputs: [at("photos")] });
    expect(captionsByPicture(listing)).toEqual({ "a.jpg": ["from the table"], "b.jpg": [] });
    expect(bare(listing.captionsFrom ?? "")).toBe("photos/metadata.csv");
    expect(counts(listing.otherFiles)).toEqual({ ".csv": 1, ".txt": 1 });
    const beside = await findListing({ inputs: [at("photos")], captionFormat: "txt" });
    expect(captionsByPicture(beside)).toEqual({ "a.jpg": ["beside"], "b.jpg": [] });
    await put("photos/captions.jsonl", "{}");
    await expect(findListing({ inputs: [at("photos")] })).rejects.toThrow(
      "holds captions.jsonl and metadata.csv; say which holds the captions with --captions",
    );
  });
});
