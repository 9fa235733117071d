/** The picked concepts, at the foot of every view that shows concepts: what can be done with them. */
import "./pick-bar.css";
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { useServices } from "../explorer-context.ts";
import { csvText, type Table } from "../stores/csv-text.ts";
import type { OpenDictionary } from "../stores/explorer-store.ts";
import { valueOf } from "../stores/loadable.ts";
import { mostInAddress } from "../stores/picked-concepts.ts";
import { pythonSnippet, typescriptSnippet, type PickedInStudy } from "../stores/picked-snippets.ts";
import { pickedJson, pickedTable, toldColumns } from "../stores/picked-table.ts";
import { Icon } from "../widgets/icon.tsx";
import { Menu } from "../widgets/menu.tsx";
import { count } from "../widgets/number-text.ts";
import { saveFile } from "../widgets/save-file.ts";

export function PickBar(): JSX.Element | null {
  const { explorer } = useServices();
  const { picked } = explorer;
  const opened = valueOf(explorer.open.value);
  const number = picked.concepts.value.length;
  if (picked.lost.value) {
    return (
      <aside class="pick-bar" aria-label="Picked concepts">
        <span>
          This address names more than {mostInAddress} picked concepts; they stayed in the browser where they
          were picked.
        </span>
        <Clear />
      </aside>
    );
  }
  if (number === 0 || opened === null) return null;
  return (
    <aside class="pick-bar" aria-label="Picked concepts">
      <span class="pick-count" role="status">
        {count(number)} picked
      </span>
      {!picked.shared.value && (
        <span
          class="pick-note"
          title={`The address holds at most ${mostInAddress}; these are kept until this window is closed.`}
        >
          in this window only
        </span>
      )}
      <button
        type="button"
        class="button"
        aria-pressed={explorer.address.value.onlyPicked}
        onClick={() => explorer.navigate({ onlyPicked: !explorer.address.peek().onlyPicked }, "replace")}
      >
        Only these
      </button>
      <a
        class="button"
        href={explorer.href({ view: "intervene", keep: "picked", without: true })}
        title="Switch them off and see what changes"
      >
        Intervene
      </a>
      <Export opened={opened} />
      <Clear />
    </aside>
  );
}

function Clear(): JSX.Element {
  const { explorer } = useServices();
  return (
    <button
      type="button"
      class="quiet-button"
      aria-label="Pick none"
      title="Pick none"
      onClick={() => explorer.picked.clear()}
    >
      <Icon name="close" />
    </button>
  );
}

function Export({ opened }: { opened: OpenDictionary }): JSX.Element {
  const { explorer, announcer } = useServices();
  const [said, setSaid] = useState<string | null>(null);
  const study = valueOf(explorer.study.value);
  const concepts = explorer.picked.concepts.value;
  const about = {
    study: study?.name ?? "study",
    dictionary: opened.summary.name,
    dataHash: study?.set.dataHash ?? "",
  };
  const file = `${about.study}-${about.dictionary}-picked`;
  /** Only names: whether a caption stands for a concept is the reader's to decide. */
  const inStudy = (): PickedInStudy => ({
    ...about,
    concepts,
    names: new Map(
      concepts.flatMap((j): [number, string][] => {
        const name = opened.labels.givenName(j);
        return name === null ? [] : [[j, name]];
      }),
    ),
  });
  /** Reads what the view has not read of the table yet. */
  const save = (ending: string, type: string, text: (table: Table) => string): void => {
    Promise.all([opened.tables.withColumns(toldColumns), opened.labels.namesOf(concepts)]).then(
      ([columns, names]) => saveFile(`${file}.${ending}`, text(pickedTable(concepts, columns, names)), type),
      (error: unknown) => say(error instanceof Error ? error.message : String(error)),
    );
  };
  const say = (outcome: string): void => {
    setSaid(outcome);
    announcer.say(outcome);
    setTimeout(() => setSaid(null), 2500);
  };
  const copy = (what: string, text: string): void => {
    // Pages that are neither on this machine nor over HTTPS have no clipboard.
    const copied = (async () => navigator.clipboard.writeText(text))();
    copied.then(
      () => say(`${what} copied`),
      () => {
        saveFile(`${file}.${what === "Python" ? "py" : "ts"}`, text);
        say(`${what} downloaded`);
      },
    );
  };
  return (
    <Menu
      label="Take the picked concepts away"
      icon="download"
      items={[
        {
          text: "Download CSV",
          onChoose: () => save("csv", "text/csv;charset=utf-8", csvText),
        },
        {
          text: "Download JSON",
          onChoose: () => save("json", "application/json", (table) => pickedJson(about, table)),
        },
        { text: "Copy as Python", onChoose: () => copy("Python", pythonSnippet(inStudy())) },
        { text: "Copy as TypeScript", onChoose: () => copy("TypeScript", typescriptSnippet(inStudy())) },
      ]}
    >
      {said ?? "Export"}
    </Menu>
  );
}
