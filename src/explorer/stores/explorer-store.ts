/** The explorer's state: the study, the dictionary in view, filters and selection. No DOM. */
import { computed, effect, signal, type ReadonlySignal } from "@preact/signals";
import type { DictionarySummary, StudySummary } from "../../protocol/study-summary.ts";
import { setLayout } from "../../protocol/study-layout.ts";
import type { DataSource, PictureSize, RowPicture } from "../data/data-source.ts";
import { stabilityColumn } from "../data/column-facts.ts";
import {
  matchReader,
  readLeastMatched,
  readStability,
  stabilityPartners,
  type ConceptMatch,
  type Partners,
} from "../data/concept-stability.ts";
import { columnsOfAllViews, DictionaryTables } from "../data/dictionary-tables.ts";
import { readPrincipalVariance } from "../data/principal-variance.ts";
import { CodeRows } from "../data/code-rows.ts";
import { MatrixRows } from "../data/matrix-rows.ts";
import { PairTable } from "../data/pair-table.ts";
import type { RowVectors } from "../data/row-explained.ts";
import { rowSimilarity } from "../data/row-similarity.ts";
import { ItemTable } from "../data/item-table.ts";
import {
  amongPicked,
  narrows,
  noFilter,
  rangeColumns,
  rangeNames,
  selectConcepts,
  type ConceptFilter,
  type ConceptSelection,
} from "./concept-selection.ts";
import type { NameKeeper } from "../data/name-keeper.ts";
import { studyNames, type StudyNames } from "../data/study-names.ts";
import { createPickedConcepts, type PickedConcepts, type SessionMemory } from "./picked-concepts.ts";
import { LabelStore } from "./label-store.ts";
import { failed, loading, ready, valueOf, type Loadable } from "./loadable.ts";
import type { Views } from "../views/registry.ts";
import type { View } from "../views/view.ts";
import { ColumnStore } from "./column-store.ts";
import { lazily } from "./lazily.ts";
import { createAddressBook, type Address } from "./address.ts";
import { NameStore } from "./name-store.ts";
import { createRouter, type AddressBar, type Router } from "./router.ts";

/** Milliseconds that columns wait at most for more urgent reading. */
const longestWait = 600;

export interface Effects {
  source: DataSource;
  addressBar: AddressBar;
  views: Views;
  session: SessionMemory;
  /** Where names that readers give are kept. */
  nameKeeper: (study: StudySummary) => NameKeeper;
  /** Runs work soon, after the page has been drawn. */
  schedule: (work: () => void) => void;
  /** Resolves when there is nothing else to do: what the next views ask for is then read ahead. Default: never. */
  whenIdle?: () => Promise<void>;
}

/** A dictionary with everything that is needed to show its concepts. */
export interface OpenDictionary {
  summary: DictionarySummary;
  tables: DictionaryTables;
  labels: LabelStore;
  /** Every column of numbers of its concepts, `stability` among them. */
  columns: ColumnStore;
  /** The dictionaries that `stability` is the mean over; null when none was compared. */
  partners: Partners | null;
  /** The least cosine of each concept with its matched one of `partners`; null when none was compared. */
  leastMatched: () => Loadable<Float64Array | null>;
  /** Up to three words for each concept; null when the analysis has none. */
  words: () => Loadable<readonly (string | null)[] | null>;
  /** The matched concept of every dictionary that was compared. */
  matches: (concept: number) => Promise<ConceptMatch[]>;
  /** Codes of rows, atoms, and what tells how alike rows are. */
  vectors: RowVectors;
  /** Shares of the variance of the atoms along the principal plane's two directions. */
  principalVariance: () => Loadable<readonly [number, number] | null>;
}

export interface Explorer extends Router {
  readonly study: ReadonlySignal<Loadable<StudySummary>>;
  readonly dictionary: ReadonlySignal<DictionarySummary | null>;
  /** Name of a dictionary that the address asked for and the study does not have; null when it does. */
  readonly unknownDictionary: ReadonlySignal<string | null>;
  readonly open: ReadonlySignal<Loadable<OpenDictionary>>;
  readonly images: ItemTable;
  readonly texts: ItemTable;
  readonly pairs: PairTable;
  /** Null until the concepts have arrived. */
  readonly selection: ReadonlySignal<ConceptSelection | null>;
  readonly picked: PickedConcepts;
  /** Whether the text filter still waits for labels. */
  readonly searching: ReadonlySignal<boolean>;
  /** The concept under the pointer, on the map or in a list. */
  readonly hovered: { value: number | null };
  /** The picture of an image row; null when the set has no pictures. */
  picture(row: number): RowPicture | null;
  /** Why a picture cannot be shown, where the source says so. */
  readonly whyNoPicture: (picture: RowPicture, size: PictureSize) => Promise<string | null>;
  /** Opens another dictionary: concept, place on the map and filters by its numbers belong to the one before. */
  chooseDictionary(name: string): void;
  /** Another analysed dictionary, to be seen beside the open one. */
  another(summary: DictionarySummary): Promise<OpenDictionary>;
  /** The address of a concept of another dictionary. */
  conceptOf(dictionary: string, concept: number): Partial<Address>;
  setFilter(change: Partial<ConceptFilter>): void;
  /** The concept `step` places further in the list, or null at its end. */
  beside(concept: number, step: number): number | null;
  /** Leaves a page of one thing for the listed view it was opened from, or belongs to when opened by its address. */
  leave(): void;
  retry(): void;
}

export function createExplorer({
  source,
  addressBar,
  views,
  session,
  nameKeeper,
  schedule,
  whenIdle,
}: Effects): Explorer {
  const book = createAddressBook(views);
  const router = createRouter(addressBar, book);
  const study = signal<Loadable<StudySummary>>(loading);
  const open = signal<Loadable<OpenDictionary>>(loading);
  const attempt = signal(0);
  const hovered = signal<number | null>(null);
  const images = new ItemTable(source, `set/${setLayout.imageItems}`);
  const texts = new ItemTable(source, `set/${setLayout.textItems}`);

  const pairs = new PairTable(source);

  effect(() => {
    void attempt.value;
    study.value = loading;
    source.json("summary.json").then(
      (summary) => (study.value = ready(summary as StudySummary)),
      (error: unknown) => (study.value = failed(error)),
    );
  });

  const dictionaryName = computed(() => router.address.value.dictionary);
  const dictionary = computed(() => {
    const all = valueOf(study.value)?.dictionaries ?? [];
    if (dictionaryName.value !== null) return all.find((one) => one.name === dictionaryName.value) ?? null;
    return all.find((one) => one.analysed) ?? all[0] ?? null;
  });
  const unknownDictionary = computed(() =>
    valueOf(study.value) !== null && dictionary.value === null ? dictionaryName.value : null,
  );
  // An address says which dictionary it is about, so that it keeps its meaning when the study grows.
  effect(() => {
    const resolved = dictionary.value;
    if (resolved !== null && dictionaryName.value === null) {
      router.navigate({ dictionary: resolved.name }, "replace");
    }
  });

  const others = new Map<DictionarySummary, Promise<OpenDictionary>>();
  const assembled = (
    whole: StudySummary,
    summary: DictionarySummary,
    tables: DictionaryTables,
    read: StudyNames,
  ): OpenDictionary => {
    const names = new NameStore(summary.name, read, nameKeeper(whole));
    const labels = new LabelStore({ tables, images, texts, names }, schedule);
    const partners = stabilityPartners(summary, whole.dictionaries);
    return {
      summary,
      tables,
      labels,
      columns: columnsOf(source, summary.name, tables, partners),
      partners,
      leastMatched: lazily(async () =>
        partners === null ? null : readLeastMatched(source, summary.name, partners.names),
      ),
      words: lazily(() => tables.words()),
      matches: matchReader(source, summary.name, summary.comparedWith),
      vectors: {
        codes: new CodeRows(source, summary.name, whole.set.imageRows),
        atoms:
          summary.atoms === null
            ? null
            : MatrixRows.safetensors(source, `study/${summary.atoms.path}`, summary.atoms.tensor),
        similarity: rowSimilarity(source, whole.set.similarity, pairs),
      },
      principalVariance: lazily(() => readPrincipalVariance(source, summary.name)),
    };
  };

  effect(() => {
    const summary = dictionary.value;
    open.value = loading;
    const whole = valueOf(study.peek());
    if (whole === null || summary === null || !summary.analysed) return;
    Promise.all([firstTables(summary), studyNames(source, summary)]).then(
      ([tables, read]) => {
        if (dictionary.peek() !== summary) return;
        open.value = ready(assembled(whole, summary, tables, read));
        void readAhead(tables);
      },
      (error: unknown) => {
        if (dictionary.peek() === summary) open.value = failed(error);
      },
    );
  });

  let cameFrom: Address["view"] | null = null;
  effect(() => {
    const { view } = router.address.value;
    if (views[view].navigation === "listed") cameFrom = view;
  });
  const listed = (): Address["view"] => {
    const { view } = router.address.peek();
    const { navigation } = views[view];
    if (navigation === "listed") return view;
    return cameFrom ?? (navigation === "apart" ? router.home : navigation.under);
  };

  /** Resolves when the view that the address says can be drawn. */
  const firstTables = async (summary: DictionarySummary): Promise<DictionaryTables> => {
    const address = router.address.peek();
    const view: View = views[address.view];
    const tables = await DictionaryTables.open(source, summary, {
      open: view.tables ?? [],
      later: soonWhenIdle,
    });
    // The view asks for it again, and says when it cannot be read.
    if (view.readFirst !== undefined) {
      view.readFirst({ tables, images, texts }, address).catch(() => {});
      source.openPictures().catch(() => {});
    }
    await tables.withColumns([...columnsOfAllViews, ...(view.columns ?? [])]);
    return tables;
  };

  /** A line that is never idle keeps nobody waiting. */
  const soonWhenIdle = (): Promise<unknown> =>
    whenIdle === undefined
      ? Promise.resolve()
      : Promise.race([whenIdle(), new Promise((done) => setTimeout(done, longestWait))]);

  /** Part by part, each when there is nothing else to do. What cannot be read is asked for again by the view that needs it. */
  const readAhead = async (tables: DictionaryTables): Promise<void> => {
    if (whenIdle === undefined) return;
    for (const part of [
      ...tables.ahead(),
      () => source.openPictures(),
      () => images.readAhead(),
      () => texts.readAhead(),
    ]) {
      await whenIdle();
      if (valueOf(open.peek())?.tables !== tables) return;
      await part().catch(() => {});
    }
  };

  const picked = createPickedConcepts(
    {
      picked: computed(() => router.address.value.picked),
      write: (next) => router.navigate({ picked: next }, "replace"),
    },
    session,
  );
  const onlyPicked = computed(() => router.address.value.onlyPicked);
  const filter = computed(() => router.address.value.filter);
  const sort = computed(() => router.address.value.sort);
  const text = computed(() => filter.value.text.trim());
  /** Changes as labels arrive, but only while a text filter needs them. */
  const searchRevision = computed(() => {
    const labels = valueOf(open.value)?.labels;
    return text.value === "" || labels === undefined
      ? 0
      : labels.revision.value + labels.names.revision.value;
  });
  effect(() => {
    if (text.value !== "") valueOf(open.value)?.labels.wantAll();
  });

  const selection = computed(() => {
    const opened = valueOf(open.value);
    void searchRevision.value;
    if (opened === null) return null;
    const { tables, labels, columns } = opened;
    const narrowed = rangeNames.filter((name) => narrows(filter.value, name));
    const read = narrowed.map((name) => columns.get(rangeColumns[name]));
    if (!tables.hasColumns([sort.value.column])) return null;
    if (read.some(({ state }) => state === "loading")) return null;
    const listed = selectConcepts(
      tables.concepts,
      filter.value,
      sort.value,
      (j) => labels.searchText(j),
      (column) => valueOf(columns.get(column)),
    );
    return onlyPicked.value ? amongPicked(listed, (j) => picked.has(j)) : listed;
  });
  const searching = computed(() => {
    void searchRevision.value;
    const labels = valueOf(open.value)?.labels;
    return text.value !== "" && labels !== undefined && labels.missing > 0;
  });

  /** Concepts, their picks and filters by their numbers belong to the dictionary before. */
  const inDictionary = (name: string): Partial<Address> => {
    const { filter } = router.address.peek();
    return {
      dictionary: name,
      ...book.ofDictionary,
      concept: null,
      picked: [],
      onlyPicked: false,
      // Modality scores mean the same in all of them.
      filter: { ...noFilter, text: filter.text, modality: filter.modality, dead: filter.dead },
    };
  };

  return {
    ...router,
    study,
    dictionary,
    unknownDictionary,
    open,
    images,
    texts,
    pairs,
    selection,
    picked,
    searching,
    hovered,
    picture(row) {
      const set = valueOf(study.value)?.set;
      return set?.pictures === true ? source.picture(row, set.dataHash) : null;
    },
    whyNoPicture: (picture, size) => picture.whyNot(size),
    chooseDictionary(name) {
      const { view } = router.address.peek();
      router.navigate({
        ...inDictionary(name),
        view: views[view].path?.says.includes("concept") === true ? listed() : view,
      });
    },
    another(summary) {
      const whole = valueOf(study.peek());
      if (whole === null) return Promise.reject(new Error("the study is not open"));
      const known =
        others.get(summary) ??
        Promise.all([DictionaryTables.open(source, summary), studyNames(source, summary)]).then(
          async ([tables, read]) => {
            await tables.withColumns(columnsOfAllViews);
            return assembled(whole, summary, tables, read);
          },
        );
      known.catch(() => others.delete(summary));
      others.set(summary, known);
      return known;
    },
    conceptOf: (name, concept) => ({ ...inDictionary(name), view: "concept", concept }),
    setFilter(change) {
      router.navigate({ filter: { ...router.address.peek().filter, ...change } }, "replace");
    },
    beside(concept, step) {
      const order = selection.value?.order;
      if (order === undefined || order.length === 0) return null;
      const place = order.indexOf(concept);
      if (place < 0) return order[0]!;
      return order[place + step] ?? null;
    },
    leave: () => router.navigate({ view: listed() }),
    retry: () => attempt.value++,
  };
}

function columnsOf(
  source: DataSource,
  name: string,
  tables: DictionaryTables,
  partners: Partners | null,
): ColumnStore {
  return new ColumnStore(tables, async (column) => {
    if (column !== stabilityColumn) return tables.column(column);
    return partners === null ? null : readStability(source, name, partners.names);
  });
}
