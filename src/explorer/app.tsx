/** The page: header, the view that the address names, definitions on top. */
import { useEffect } from "preact/hooks";
import type { JSX } from "preact";
import { useExplorer } from "./explorer-context.ts";
import { onKey } from "./keyboard.ts";
import { valueOf } from "./stores/loadable.ts";
import { ConceptListView } from "./views/concept-list-view.tsx";
import { ConceptPage } from "./views/concept-page.tsx";
import { MapView } from "./views/map-view.tsx";
import { Overview } from "./views/overview.tsx";
import { TopBar } from "./views/top-bar.tsx";
import { Notice } from "./widgets/notice.tsx";
import { DefinitionPopover } from "./widgets/term.tsx";

export function App(): JSX.Element {
  const explorer = useExplorer();
  const study = explorer.study.value;
  const address = explorer.address.value;
  const setProblem = valueOf(study)?.set.problem ?? null;

  useEffect(() => {
    const listener = (event: KeyboardEvent) => onKey(event, explorer);
    document.addEventListener("keydown", listener);
    return () => document.removeEventListener("keydown", listener);
  }, [explorer]);

  useEffect(() => {
    const name = valueOf(study)?.name ?? "";
    const concept = address.concept === null ? "" : `Concept ${address.concept} · `;
    document.title = `${concept}${name === "" ? "" : `${name} · `}Viaduct`;
  }, [study, address]);

  if (study.state === "failed") {
    return (
      <div class="page">
        <TopBar />
        <main class="page-notice">
          <Notice kind="error" title="The study cannot be opened">
            <p>{study.reason}</p>
            <button type="button" class="button" onClick={() => explorer.retry()}>
              Try again
            </button>
          </Notice>
        </main>
      </div>
    );
  }
  return (
    <div class="page">
      <TopBar />
      <Overview />
      {setProblem !== null && (
        <p class="set-problem" role="alert">
          {setProblem}
        </p>
      )}
      <main class="page-view">
        <View />
      </main>
      <DefinitionPopover />
    </div>
  );
}

function View(): JSX.Element {
  const explorer = useExplorer();
  const study = explorer.study.value;
  const open = explorer.open.value;
  const dictionary = explorer.dictionary.value;
  const unknown = explorer.unknownDictionary.value;
  if (study.state === "ready" && unknown !== null) {
    return (
      <Notice kind="error" title={`This study has no dictionary ${unknown}`}>
        <p>The address names it. There {study.value.dictionaries.length === 0 ? "are none yet." : "are:"}</p>
        <ul>
          {study.value.dictionaries.map(({ name }) => (
            <li key={name}>
              <button type="button" class="button" onClick={() => explorer.chooseDictionary(name)}>
                {name}
              </button>
            </li>
          ))}
        </ul>
      </Notice>
    );
  }
  if (study.state === "ready" && dictionary === null) {
    return (
      <Notice title="This study has no dictionary yet">
        <p>
          Train one: <code>viaduct train &lt;set&gt; --out &lt;study&gt;</code>. It appears here when you
          reload.
        </p>
      </Notice>
    );
  }
  if (dictionary !== null && !dictionary.analysed) {
    return (
      <Notice title={`${dictionary.name} has not been measured yet`}>
        <p>
          Run <code>viaduct analyze &lt;study&gt;</code> to find what its concepts are, then reload.
        </p>
      </Notice>
    );
  }
  if (open.state === "failed") {
    return (
      <Notice kind="error" title="The concepts cannot be read">
        <p>{open.reason}</p>
        <button type="button" class="button" onClick={() => explorer.retry()}>
          Try again
        </button>
      </Notice>
    );
  }
  const opened = open.state === "ready" ? open.value : null;
  switch (explorer.address.value.view) {
    case "map":
      return <MapView opened={opened} />;
    case "concepts":
      return <ConceptListView opened={opened} />;
    case "concept":
      return <ConceptPage opened={opened} />;
  }
}
