/** Starts the explorer in a page: the browser's effects are handed in here and nowhere else. */
import "./styles/theme.css";
import "./styles/base.css";
import "./styles/controls.css";
import { effect, signal, untracked } from "@preact/signals";
import { render } from "preact";
import { App } from "./app.tsx";
import { browserStorage, tryToKeep } from "./data/browser-storage.ts";
import { readPicture } from "./data/chosen-picture.ts";
import { httpSource } from "./data/http-source.ts";
import { serverAnswers, type Ask } from "./data/asker.ts";
import { browserModels } from "./data/browser-models.ts";
import { once } from "./data/once.ts";
import { browserNames, serverNames } from "./data/name-keeper.ts";
import { trainingHistories } from "./data/training-history.ts";
import { ExplorerContext } from "./explorer-context.ts";
import { createViewCode } from "./frame/view-code.ts";
import { modalityGradient } from "./map/modality-colours.ts";
import { createAskedPicture } from "./stores/asked-picture.ts";
import { createAnnouncer } from "./stores/announcer.ts";
import { createExplorer, type OpenDictionary } from "./stores/explorer-store.ts";
import { valueOf } from "./stores/loadable.ts";
import { searchProviders } from "./stores/search/providers.ts";
import { createSearch } from "./stores/search/search.ts";
import { createShortcuts } from "./stores/shortcuts.ts";
import { createThemeStore } from "./stores/theme-store.ts";
import { views } from "./views/registry.ts";
import { workerPeer } from "./worker-peer.ts";

// The token is in a cookie by now; nobody should copy it with the address.
const here = new URL(location.href);
if (here.searchParams.has("token")) {
  here.searchParams.delete("token");
  history.replaceState(null, "", here);
}

const kept = browserStorage(() => localStorage);
const keptInWindow = browserStorage(() => sessionStorage);
const themeKey = "viaduct.theme";
const darkSystem = window.matchMedia("(prefers-color-scheme: dark)");

const theme = createThemeStore({
  systemIsDark: () => darkSystem.matches,
  onSystemChange: (callback) => darkSystem.addEventListener("change", callback),
  readChoice: () => kept.getItem(themeKey),
  writeChoice: (choice) => void tryToKeep(kept, themeKey, choice),
});
effect(() => {
  const page = document.documentElement;
  page.dataset["theme"] = theme.theme.value;
  page.style.setProperty("--modality-scale", modalityGradient(theme.theme.value));
});

const source = httpSource("data/", (address, init) => fetch(address, init));
const explorer = createExplorer({
  source,
  addressBar: {
    read: () => location.hash,
    push: (hash) => history.pushState(null, "", hash),
    replace: (hash) => history.replaceState(null, "", hash),
    onChange: (callback) => {
      window.addEventListener("popstate", callback);
      window.addEventListener("hashchange", callback);
    },
  },
  views,
  session: {
    read: (key) => keptInWindow.getItem(key),
    write: (key, text) => void tryToKeep(keptInWindow, key, text),
  },
  nameKeeper: ({ keepsNames, set }) =>
    keepsNames
      ? serverNames("data/", (address, init) => fetch(address, init))
      : browserNames(kept, set.dataHash.slice(0, 16)),
  schedule: (work) => setTimeout(work, 0),
  whenIdle: async () => {
    await source.quiet(120);
    // Safari has no idle callbacks.
    if ("requestIdleCallback" in window) await new Promise((idle) => requestIdleCallback(idle));
  },
});

const pause = () => new Promise<void>((resolve) => setTimeout(resolve, 0));
const providers = searchProviders(explorer, pause);
const search = createSearch(() => providers);
// Another dictionary has other concepts; for the first the search waits by itself.
let opened: OpenDictionary | null = null;
effect(() => {
  const next = valueOf(explorer.open.value);
  if (next === null) return;
  if (opened !== null) untracked(() => search.again("concepts"));
  opened = next;
});

const askServer = serverAnswers(
  "data/",
  (address, init) => fetch(address, init),
  (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds)),
);
const askPage = once(async () => {
  const { pageAnswers } = await import("./data/questions/page-answers.ts");
  return pageAnswers(valueOf(explorer.study.peek())!, {
    source,
    items: { image: explorer.images, text: explorer.texts },
    address: (path) => new URL(`data/${path}`, document.baseURI).href,
    hub: browserModels((address, init) => fetch(address, init)),
  });
});
const ask: Ask = async (question, tell) => {
  const byPage = valueOf(explorer.study.peek())?.questionsAnsweredBy === "page";
  return (byPage ? await askPage() : askServer)(question, tell);
};

const services = {
  explorer,
  views,
  code: createViewCode(),
  theme,
  shortcuts: createShortcuts(),
  announcer: createAnnouncer(),
  search,
  ask,
  askedPicture: createAskedPicture({
    read: readPicture,
    forget: ({ address }) => URL.revokeObjectURL(address),
  }),
  histories: trainingHistories(source),
  source,
  workers: {
    intervention: () =>
      workerPeer(new Worker(new URL("./intervention/worker.ts", import.meta.url), { type: "module" })),
    matching: () =>
      workerPeer(new Worker(new URL("./matching/worker.ts", import.meta.url), { type: "module" })),
  },
  help: signal(null),
};

const page = document.getElementById("app")!;
page.replaceChildren();
render(
  <ExplorerContext.Provider value={services}>
    <App />
  </ExplorerContext.Provider>,
  page,
);
