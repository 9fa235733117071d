/** Why there are no concepts to show, and what to do; null when there are or may still come. */
import type { JSX } from "preact";
import type { Explorer } from "../stores/explorer-store.ts";
import { Notice } from "../widgets/notice.tsx";

export function dictionaryProblem(explorer: Explorer): JSX.Element | null {
  const study = explorer.study.value;
  const open = explorer.open.value;
  const dictionary = explorer.dictionary.value;
  const unknown = explorer.unknownDictionary.value;
  if (study.state !== "ready") return null;
  if (unknown !== null) {
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
  if (dictionary === null) {
    return (
      <Notice title="This study has no dictionary yet">
        <p>
          Train one: <code>viaduct train &lt;set&gt; --out &lt;study&gt;</code>. It appears here when you
          reload.
        </p>
      </Notice>
    );
  }
  if (!dictionary.analysed) {
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
  return null;
}
