/** Study, dictionary, views, light and dark. */
import "./top-bar.css";
import type { JSX } from "preact";
import { useServices } from "../explorer-context.ts";
import { valueOf } from "../stores/loadable.ts";
import { nextChoice } from "../stores/theme-store.ts";
import { Icon } from "../widgets/icon.tsx";
import { count } from "../widgets/number-text.ts";
import { SearchBox } from "./search-box.tsx";
import { Navigation } from "./navigation.tsx";

const themeIcons = { system: "auto", light: "sun", dark: "moon" } as const;

export function TopBar(): JSX.Element {
  const { explorer, theme, help } = useServices();
  const study = valueOf(explorer.study.value);
  const dictionary = explorer.dictionary.value;
  const choice = theme.choice.value;
  return (
    <header class={explorer.address.value.view === "search" ? "top-bar top-bar-search" : "top-bar"}>
      <a class="brand" href="#/map" aria-label="Viaduct, start again">
        <svg viewBox="0 0 32 32" width="26" height="26" aria-hidden="true">
          <path d="M4 23V13a6 6 0 0 1 12 0v10M16 23V13a6 6 0 0 1 12 0v10M2.500 7h27" />
          <circle class="brand-text" cx="4" cy="25" r="3.500" />
          <circle class="brand-both" cx="16" cy="25" r="3.500" />
          <circle class="brand-image" cx="28" cy="25" r="3.500" />
        </svg>
        <span>Viaduct</span>
      </a>
      <span class="study-name" title={study?.name}>
        {study?.name}
      </span>
      {study !== null && study.dictionaries.length > 0 && (
        <label class="dictionary-choice">
          <span class="visually-hidden">Dictionary</span>
          <select
            value={dictionary?.name ?? ""}
            onChange={(event) => explorer.chooseDictionary(event.currentTarget.value)}
          >
            {dictionary === null && <option value="" />}
            {study.dictionaries.map((one) => (
              <option key={one.name} value={one.name}>
                {one.name}
                {one.concepts === null ? "" : ` · ${count(one.concepts)} concepts`}
                {one.analysed ? "" : " · not measured"}
              </option>
            ))}
          </select>
        </label>
      )}
      {study === null ? <span class="search-box search-box-arriving" /> : <SearchBox />}
      <Navigation />
      <a class="icon-button search-link" href={explorer.href({ view: "search" })} aria-label="Search">
        <Icon name="search" />
      </a>
      <button
        type="button"
        class="icon-button"
        aria-label="Help: keys, and what the numbers mean"
        title="Help: keys, and what the numbers mean ( ? )"
        onClick={() => (help.value = "keys")}
      >
        <Icon name="help" />
      </button>
      <button
        type="button"
        class="icon-button"
        title={`Colours: ${choice}. Switch to ${nextChoice(choice)}.`}
        aria-label={`Colours: ${choice}. Switch to ${nextChoice(choice)}.`}
        onClick={() => theme.choose(nextChoice(choice))}
      >
        <Icon name={themeIcons[choice]} />
      </button>
    </header>
  );
}
