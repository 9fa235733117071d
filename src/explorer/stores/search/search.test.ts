import { describe, expect, it } from "vitest";
import { setLayout, studyLayout } from "../../../protocol/study-layout.ts";
import { parquet } from "../../testing/memory-source.ts";
import { dictionary, files, start, until } from "../../testing/small-study.ts";
import { valueOf } from "../loadable.ts";
import { folded } from "./folded.ts";
import { searchProviders } from "./providers.ts";
import { createSearch, type Hit, type Search, type SearchProvider } from "./search.ts";

function searching(content = files([dictionary("one")])) {
  const { explorer, source } = start("#/map", content);
  let pauses = 0;
  const providers = searchProviders(explorer, async () => {
    pauses++;
    await new Promise((resolve) => setTimeout(resolve, 0));
  });
  return { explorer, source, search: createSearch(() => providers), pauses: () => pauses };
}

const done = (search: Search) => until(() => search.groups.value.every(({ state }) => state !== "running"));
const found = (search: Search) =>
  Object.fromEntries(
    search.groups.value.map(({ provider, hits }) => [
      provider.name,
      hits.map((hit: Hit) => (hit.kind === "concept" ? hit.concept : hit.row)),
    ]),
  );

describe("the search", () => {
  it("finds concepts, captions and pictures, without case or marks on letters", async () => {
    const { search } = searching();
    search.run({ text: "  ZURICH photo" });
    await done(search);
    // Concept 3 goes by its caption; its picture has the words.
    expect(found(search)).toEqual({ concepts: [3], captions: [], pictures: [3] });
    search.run({ text: "caption" });
    await done(search);
    expect(found(search)).toEqual({ concepts: [0, 1, 2, 3], captions: [0, 1, 2, 3, 4], pictures: [] });
    search.run({ text: "PICTURE-4.png" });
    await done(search);
    expect(found(search)).toEqual({ concepts: [4], captions: [], pictures: [4] });
    search.run({ text: "  " });
    expect(search.groups.value).toEqual([]);
  });

  it("puts a concept's number first, then names that begin with the words", async () => {
    const content = files([{ ...dictionary("one"), named: true }]);
    content[`study/${studyLayout.dictionary("one").names}`] = ["a 2 b", "dog", "", "2 boats", "tree", "car"];
    const { search } = searching(content);
    search.run({ text: "2" });
    await done(search);
    expect(found(search)["concepts"]).toEqual([2, 3, 0]);
  });

  it("finds concepts by new names when it is asked again", async () => {
    const { search, explorer } = searching();
    search.run({ text: "flamingo" });
    await done(search);
    expect(found(search)["concepts"]).toEqual([]);
    await valueOf(explorer.open.value)!.labels.names.rename(5, "Flamingo");
    search.again("concepts");
    await done(search);
    expect(found(search)["concepts"]).toEqual([5]);
  });

  it("looks into the set alone where no dictionary was measured", async () => {
    const { search } = searching(files([dictionary("one", false)]));
    search.run({ text: "caption 2" });
    await done(search);
    expect(found(search)).toEqual({ concepts: [], captions: [2], pictures: [] });
  });

  it("says why a part of it failed, and goes on with the others", async () => {
    const content = files([dictionary("one")]);
    delete content[`set/${setLayout.imageItems}`];
    const { search } = searching(content);
    search.run({ text: "caption 1" });
    await done(search);
    expect(search.groups.value.map(({ state, reason }) => [state, reason])).toEqual([
      ["done", null],
      ["done", null],
      ["failed", "set/image-items.parquet is not there"],
    ]);
    expect(found(search)).toMatchObject({ captions: [1] });
  });

  it("gives hits among fifty thousand captions as it goes, pauses, and stops for the next query", async () => {
    const content = files([dictionary("one")]);
    const rows = 50_000;
    const data = Array.from({ length: rows }, (_, i) => `a caption about nothing much, number ${i} of many`);
    content[`set/${setLayout.textItems}`] = parquet([{ name: "caption", data, type: "STRING" }], 1024);
    const { search, pauses } = searching(content);
    const partial = new Set<number>();
    search.run({ text: "nothing number" });
    const captions = () => search.groups.value.find(({ provider }) => provider.name === "captions")!;
    await until(() => {
      partial.add(captions().hits.length);
      return captions().state === "done";
    });
    expect(captions().hits).toHaveLength(rows);
    expect(partial.size).toBeGreaterThan(3);
    expect(pauses()).toBeGreaterThan(10);
    // Looked at anew, and left in the middle: what was found before never comes back.
    search.run({ text: "nothing" });
    await until(() => captions().hits.length > 0);
    search.run({ text: "number 49999 of" });
    await done(search);
    expect(found(search)["captions"]).toEqual([49_999]);
  });

  it("leaves a provider that goes on after it was told to stop unheard", async () => {
    const said: ((hits: readonly Hit[]) => void)[] = [];
    const stubborn: SearchProvider = {
      name: "stubborn",
      title: "",
      looksInto: "",
      find: async (_, found) => void said.push(found),
    };
    const search = createSearch(() => [stubborn]);
    search.run({ text: "one" });
    search.run({ text: "two" });
    said[0]([{ kind: "concept", concept: 1 }]);
    said[1]([{ kind: "concept", concept: 2 }]);
    await done(search);
    expect(found(search)).toEqual({ stubborn: [2] });
  });
});

it.each([
  ["Crème Brûlée", "creme brulee"],
  ["ΆΛΦΑ", "αλφα"],
  ["ﬁne", "fine"],
  ["قِطّة", "قطة"],
])("folds %s to %s", (text, expected) => expect(folded(text)).toBe(expected));
