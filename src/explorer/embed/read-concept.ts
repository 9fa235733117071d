/** What the page of one concept shows, read from the study's files. */
import { badInput } from "../../base/errors.ts";
import { setLayout } from "../../protocol/study-layout.ts";
import type { StudySummary } from "../../protocol/study-summary.ts";
import { activeRows, isDead } from "../data/concept-columns.ts";
import type { DataSource, RowPicture } from "../data/data-source.ts";
import { columnsOfAllViews, DictionaryTables, type Example } from "../data/dictionary-tables.ts";
import { ItemTable, type Item } from "../data/item-table.ts";
import { studyNames } from "../data/study-names.ts";
import { conceptName, type ConceptName } from "../stores/concept-name.ts";
import type { EmbedAddress } from "./embed-address.ts";

/** Strongest examples of either side. */
const pictures = 8;
const captions = 5;

export interface ShownExample extends Example {
  item: Item | null;
  picture: RowPicture | null;
}

export interface ShownConcept {
  concept: number;
  dictionary: string;
  study: string;
  name: ConceptName;
  dead: boolean;
  score: number;
  active: { image: number; text: number };
  energy: number;
  frequency: number;
  maximum: number;
  examples: ShownExample[];
}

export async function readConcept(source: DataSource, address: EmbedAddress): Promise<ShownConcept> {
  const summary = (await source.json("summary.json")) as StudySummary;
  const analysed = summary.dictionaries.filter((one) => one.analysed);
  const dictionary =
    address.dictionary === null ? analysed[0] : analysed.find(({ name }) => name === address.dictionary);
  if (dictionary === undefined) {
    const names = analysed.map(({ name }) => name).join(", ");
    throw badInput(
      address.dictionary === null
        ? "this study has no dictionary that was analysed"
        : `this study has no analysed dictionary ${address.dictionary}; it has ${names}`,
    );
  }
  const { concept } = address;
  if (concept === null) throw badInput("the address names no concept; expected embed.html#/concept/12");
  const [tables, names] = await Promise.all([
    DictionaryTables.open(source, dictionary, { open: ["examples"] }),
    studyNames(source, dictionary),
  ]);
  if (concept >= tables.concepts.count) {
    throw badInput(`there is no concept ${concept}: the dictionary has ${tables.concepts.count}, from 0`);
  }
  const [all, columns, words] = await Promise.all([
    tables.examples(concept),
    tables.withColumns([...columnsOfAllViews, "frequency"]),
    tables.words().catch(() => null),
  ]);
  const examples = await withItems(source, summary, all);
  const top = (modality: Example["modality"]): Item | null =>
    examples.find((example) => example.modality === modality)?.item ?? null;
  const dead = isDead(columns, concept);
  const label = {
    image: top("image"),
    text: top("text"),
    words: words?.[concept] ?? null,
    unreadable: false,
  };
  return {
    concept,
    dictionary: dictionary.name,
    study: summary.name,
    name: conceptName(label, dead, names.given.get(concept) ?? names.learned?.[concept] ?? null),
    dead,
    score: columns.modalityScore[concept]!,
    active: activeRows(columns, concept),
    energy: columns.energy[concept]!,
    frequency: columns.frequency[concept]!,
    // The strongest of either side are among them.
    maximum: all.reduce((most, { activation }) => Math.max(most, activation), 0),
    examples,
  };
}

/** The strongest examples with what they are. */
async function withItems(
  source: DataSource,
  { set }: StudySummary,
  all: readonly Example[],
): Promise<ShownExample[]> {
  const top = all.filter(({ band }) => band === "top");
  const sides = [
    {
      examples: top.filter(({ modality }) => modality === "image").slice(0, pictures),
      path: setLayout.imageItems,
    },
    {
      examples: top.filter(({ modality }) => modality === "text").slice(0, captions),
      path: setLayout.textItems,
    },
  ];
  const shown = await Promise.all(
    sides.map(async ({ examples, path }) => {
      if (examples.length === 0) return [];
      const items = await new ItemTable(source, `set/${path}`).read(examples.map(({ row }) => row));
      return examples.map((example, i): ShownExample => {
        const hasPicture = example.modality === "image" && set.pictures;
        const picture = hasPicture ? source.picture(example.row, set.dataHash) : null;
        return { ...example, item: items[i] ?? null, picture };
      });
    }),
  );
  return shown.flat();
}
