/** A study of six concepts in memory, and an explorer over it without a browser. */
import { setLayout, studyLayout } from "../../protocol/study-layout.ts";
import type { DictionarySummary, StudySummary } from "../../protocol/study-summary.ts";
import { tableColumns } from "../data/concept-columns.ts";
import { browserNames } from "../data/name-keeper.ts";
import { createExplorer } from "../stores/explorer-store.ts";
import { views } from "../views/registry.ts";
import { memorySource, parquet, type MemorySource } from "./memory-source.ts";
import { memoryStorage } from "./memory-storage.ts";

const concepts = 6;
/** Concept 5 is dead; the others have one picture and, but for 4, one caption as examples. */
const living = [0, 1, 2, 3, 4];

export function dictionary(name: string, analysed = true): DictionarySummary {
  const rows = { r2: 0.9, activePerSample: 2, deadFraction: 0 };
  return {
    name,
    learner: "topk",
    concepts,
    analysed,
    named: false,
    renamed: false,
    comparedWith: [],
    atoms: null,
    all: rows,
    image: rows,
    text: rows,
    bridgeSum: 0,
    pairedInnerProduct: 0,
  };
}

export function files(dictionaries: DictionarySummary[]): Record<string, Uint8Array | object> {
  const summary: StudySummary = {
    schemaVersion: 1,
    name: "test",
    set: {
      model: null,
      dimension: 4,
      imageRows: 9,
      textRows: 9,
      pairs: 9,
      dataHash: "abc",
      pictures: true,
      similarity: "none",
      problem: null,
    },
    keepsNames: false,
    questionsAnsweredBy: "nobody",
    dictionaries,
  };
  const values = (name: string): number[] => {
    const all = Array.from({ length: concepts }, (_, j) => j);
    if (name === "exampleStart") return all.map((j) => Math.min(2 * j, 9));
    if (name === "exampleCount") return all.map((j) => (j === 5 ? 0 : j === 4 ? 1 : 2));
    return all.map((j) => (j === 5 ? 0 : (j + 1) / 10));
  };
  const layout = studyLayout.dictionary("one").analysis;
  const examples = living.flatMap(
    (j) =>
      (j === 4
        ? [[j, "image"]]
        : [
            [j, "image"],
            [j, "text"],
          ]) as [number, string][],
  );
  const strings = (data: (string | null)[]) => ({ data, type: "STRING" as const });
  return {
    "summary.json": summary,
    [`study/${layout.concepts}`]: parquet(
      tableColumns.map((name) => ({ name, data: Float64Array.from(values(name)), type: "DOUBLE" as const })),
    ),
    [`study/${layout.examples}`]: parquet([
      { name: "modality", ...strings(examples.map(([, side]) => side)) },
      { name: "band", ...strings(examples.map(() => "top")) },
      { name: "row", data: Int32Array.from(examples, ([j]) => j), type: "INT32" },
      { name: "activation", data: Float64Array.from(examples, () => 1), type: "DOUBLE" },
    ]),
    [`set/${setLayout.imageItems}`]: parquet([
      { name: "file", ...strings(living.map((j) => `folder/picture-${j}.png`)) },
      { name: "caption", ...strings(living.map((j) => (j === 3 ? "a photo of Zürich" : null))) },
    ]),
    [`set/${setLayout.textItems}`]: parquet([
      { name: "caption", ...strings(living.map((j) => `<b>Caption</b> ${j}`)) },
    ]),
  };
}

/** The browser's history, as an address bar. */
function history(hash: string) {
  const entries = [hash];
  let place = 0;
  let changed = (): void => {};
  return {
    entries,
    read: () => entries[place] ?? "",
    push: (text: string) => {
      entries.splice(place + 1, Infinity, text);
      place++;
    },
    replace: (text: string) => void (entries[place] = text),
    onChange: (callback: () => void) => void (changed = callback),
    go: (step: number) => {
      place += step;
      changed();
    },
  };
}

export function start(hash = "#/map", content = files([dictionary("one")]), storage = memoryStorage()) {
  const bar = history(hash);
  const source: MemorySource = memorySource(content);
  const explorer = createExplorer({
    source,
    addressBar: bar,
    views,
    session: { read: (key) => storage.getItem(key), write: (key, text) => storage.setItem(key, text) },
    nameKeeper: () => browserNames(storage, "abc"),
    schedule: (work) => setTimeout(work, 0),
  });
  return { bar, source, explorer };
}

export async function until(condition: () => boolean): Promise<void> {
  const end = Date.now() + 5000;
  while (!condition()) {
    if (Date.now() > end) throw new Error("it never came true");
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
}
