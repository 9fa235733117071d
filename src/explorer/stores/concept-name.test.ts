import { describe, expect, it } from "vitest";
import { conceptName, fileName } from "./concept-name.ts";

const item = (caption: string | null, file: string | null = null) => ({
  row: 3,
  caption,
  file,
  source: null,
});

describe("what a concept is called", () => {
  it.each([
    [{ image: item("a photo", "x/y.png"), text: item("a caption") }, "a caption", "caption"],
    [{ image: item("a photo", "x/y.png"), text: item("   ") }, "a photo", "picture"],
    [{ image: item(null, "x/y.png"), text: item(null) }, "y.png", "file"],
    [{ image: item(null), text: null }, "no caption or file name to call it by", "none"],
    [{ image: null, text: item("a caption"), words: "red, car" }, "red, car", "words"],
  ])("%o", (label, text, from) =>
    expect(conceptName({ words: null, ...label, unreadable: false }, false)).toEqual({ text, from }),
  );

  it("is the name it was learned with, active or not", () => {
    const label = { image: item("a photo"), text: item("a caption"), words: "red, car", unreadable: false };
    expect(conceptName(label, false, "red car")).toEqual({ text: "red car", from: "given" });
    expect(conceptName(undefined, false, "red car").text).toBe("red car");
    expect(conceptName(undefined, true, "red car").text).toBe("red car (never active)");
    expect(conceptName(label, false, " ")).toEqual({ text: "red, car", from: "words" });
  });

  it("does not say that there is nothing where it could not be read", () => {
    const label = { image: null, text: null, words: null, unreadable: true };
    expect(conceptName(label, false).text).toBe("its captions and files cannot be read");
  });

  it("says that a dead one is never active, and nothing yet of one that is not read", () => {
    expect(conceptName({ image: null, text: item("stale"), words: null, unreadable: false }, true).text).toBe(
      "never active",
    );
    expect(conceptName(undefined, false).text).toBe("");
  });
});

describe("the name of a file", () => {
  it.each([
    ["a/b/c.png", "c.png"],
    ["C:\\pictures\\c.png", "c.png"],
    ["https://example.org/a/c.png/", "c.png"],
    ["/", "/"],
    ["", null],
    [null, null],
  ])("of %s is %s", (file, name) => expect(fileName(file)).toBe(name));
});
