import { describe, expect, it } from "vitest";
import { setLayout, studyLayout } from "../../protocol/study-layout.ts";
import { dictionary, files, start, until } from "../testing/small-study.ts";
import type { Explorer } from "./explorer-store.ts";
import { valueOf } from "./loadable.ts";

const opened = (explorer: Explorer) => until(() => explorer.open.value.state !== "loading");
const listed = (explorer: Explorer) => [...(explorer.selection.value?.order ?? [])];

describe("the explorer's state", () => {
  it("opens the dictionary of the address, else the first that was measured", async () => {
    const content = files([dictionary("zero", false), dictionary("one"), dictionary("two", false)]);
    const first = start("#/map", content).explorer;
    await opened(first);
    expect(first.dictionary.value?.name).toBe("one");
    const named = start("#/map?dictionary=two", content).explorer;
    await until(() => named.dictionary.value !== null);
    expect(named.dictionary.value?.name).toBe("two");
    expect(named.selection.value).toBeNull();
  });

  it("calls concepts by the names of their dictionary, and finds them by those", async () => {
    const content = files([{ ...dictionary("one"), named: true }]);
    const path = `study/${studyLayout.dictionary("one").names}`;
    content[path] = ["red car", "dog", "", "boat", "tree", "Red door"];
    const { explorer } = start("#/map", content);
    await opened(explorer);
    const labels = valueOf(explorer.open.value)!.labels;
    expect(labels.givenName(1)).toBe("dog");
    explorer.setFilter({ text: "red ", dead: true });
    await until(() => explorer.searching.value);
    await until(() => !explorer.searching.value);
    expect(listed(explorer).toSorted((a, b) => a - b)).toEqual([0, 5]);
  });

  it("calls concepts by the names that readers gave, finds them by those, and lets them be changed", async () => {
    const content = files([{ ...dictionary("one"), named: true, renamed: true }]);
    content[`study/${studyLayout.dictionary("one").names}`] = ["red car", "dog", "", "boat", "tree", "door"];
    content[`study/${studyLayout.givenNames("one")}`] = { names: { "3": "Red Sail" } };
    const { explorer } = start("#/concepts?q=red", content);
    await opened(explorer);
    await until(() => !explorer.searching.value);
    expect(listed(explorer).toSorted((a, b) => a - b)).toEqual([0, 3]);
    await valueOf(explorer.open.value)!.labels.names.rename(2, "redwood");
    await valueOf(explorer.open.value)!.labels.names.rename(3, "");
    expect(listed(explorer).toSorted((a, b) => a - b)).toEqual([0, 2]);
  });

  it("says that names are damaged instead of leaving them out", async () => {
    const content = files([{ ...dictionary("one"), named: true }]);
    content[`study/${studyLayout.dictionary("one").names}`] = { 0: "red car" };
    const { explorer } = start("#/map", content);
    await opened(explorer);
    const { value } = explorer.open;
    expect(value.state === "failed" && value.reason).toContain("is no list of names");
  });

  it("says that there is no such dictionary instead of showing another", async () => {
    const { explorer } = start("#/map?dictionary=gone");
    expect(explorer.unknownDictionary.value).toBeNull();
    await until(() => explorer.study.value.state === "ready");
    expect(explorer.unknownDictionary.value).toBe("gone");
    expect(explorer.dictionary.value).toBeNull();
    explorer.chooseDictionary("one");
    expect(explorer.unknownDictionary.value).toBeNull();
    await opened(explorer);
    expect(listed(explorer)).toHaveLength(5);
  });

  it("writes the dictionary that it chose into the address, without a step in the history", async () => {
    const { explorer, bar } = start("#/concepts?q=red");
    await opened(explorer);
    expect(bar.entries).toEqual(["#/concepts?dictionary=one&q=red"]);
  });

  it("leaves behind what belongs to the dictionary before: concept, place on the map, least energy", async () => {
    const content = files([dictionary("one"), dictionary("two", false)]);
    const { explorer } = start(
      "#/map?dictionary=one&concept=2&at=1~2~3&energy=0.2&q=red&dead=shown",
      content,
    );
    await opened(explorer);
    explorer.chooseDictionary("two");
    expect(explorer.href({})).toBe("#/map?dictionary=two&q=red&dead=shown");
  });

  it("lists living concepts by energy and walks them, stopping at both ends", async () => {
    const { explorer } = start();
    await opened(explorer);
    expect(listed(explorer)).toEqual([4, 3, 2, 1, 0]);
    expect(explorer.beside(3, 1)).toBe(2);
    expect(explorer.beside(4, -1)).toBeNull();
    expect(explorer.beside(5, 1)).toBe(4);
  });

  it("reads no examples and no items until something shows or searches a concept", async () => {
    const { explorer, source } = start();
    await opened(explorer);
    expect(source.asked.filter((path) => !path.includes("concepts"))).toEqual([]);
    explorer.setFilter({ text: "zürich" });
    await until(() => !explorer.searching.value);
    expect(listed(explorer)).toEqual([3]);
    // One read of the footer each, however many concepts were searched.
    expect(source.asked.filter((path) => path.startsWith("set/"))).toHaveLength(2);
  });

  it("keeps filters, sort and position across links, and goes back through them", async () => {
    const { explorer, bar } = start("#/concepts?energy=0.25&sort=energy");
    await opened(explorer);
    expect(listed(explorer)).toEqual([2, 3, 4]);
    const link = explorer.href({ view: "concept", concept: 3 });
    expect(link).toBe("#/concept/3?dictionary=one&energy=0.25&sort=energy");
    explorer.navigate({ view: "concept", concept: 3 });
    explorer.navigate({ concept: 2 });
    bar.go(-1);
    expect(explorer.address.value).toMatchObject({ view: "concept", concept: 3 });
    bar.go(-1);
    expect(explorer.address.value).toMatchObject({
      view: "concepts",
      sort: { column: "energy", descending: false },
    });
    bar.go(1);
    expect(explorer.address.value.concept).toBe(3);
  });

  it("does not fill the history while typing", async () => {
    const { explorer, bar } = start();
    for (const text of ["r", "re", "red"]) explorer.setFilter({ text });
    expect(bar.entries).toEqual(["#/map?q=red"]);
  });

  it("leaves a concept's page for the view that it was opened from", () => {
    const { explorer } = start("#/map");
    explorer.navigate({ view: "concept", concept: 1 });
    explorer.navigate({ concept: 2 });
    explorer.leave();
    expect(explorer.address.value).toMatchObject({ view: "map", concept: 2 });
    const direct = start("#/concept/1").explorer;
    direct.leave();
    expect(direct.address.value.view).toBe("concepts");
  });

  it("says why the study cannot be opened, and opens it when tried again", async () => {
    const content: Record<string, Uint8Array | object> = {};
    const { explorer } = start("#/map", content);
    await until(() => explorer.study.value.state === "failed");
    expect(explorer.study.value).toEqual({ state: "failed", reason: "summary.json is not there" });
    Object.assign(content, files([dictionary("one")]));
    explorer.retry();
    await opened(explorer);
    expect(valueOf(explorer.study.value)?.name).toBe("test");
    expect(listed(explorer)).toHaveLength(5);
  });
});

describe("labels", () => {
  it("come with the top picture and caption of each concept", async () => {
    const { explorer } = start();
    await opened(explorer);
    const { labels } = valueOf(explorer.open.value)!;
    expect(labels.get(1)).toBeUndefined();
    labels.get(4);
    await until(() => labels.get(1) !== undefined);
    expect(labels.get(1)).toMatchObject({
      image: { row: 1, file: "folder/picture-1.png" },
      text: { row: 1, caption: "<b>Caption</b> 1" },
    });
    expect(labels.get(4)).toMatchObject({ image: { row: 4 }, text: null });
  });

  it("go by the number when the items cannot be read", async () => {
    const content = files([dictionary("one")]);
    delete content[`set/${setLayout.imageItems}`];
    const { explorer } = start("#/map", content);
    await opened(explorer);
    const { labels } = valueOf(explorer.open.value)!;
    labels.get(2);
    await until(() => labels.get(2) !== undefined);
    expect(labels.get(2)).toMatchObject({
      image: null,
      text: { caption: "<b>Caption</b> 2" },
      unreadable: true,
    });
  });
});
