/** The explorer's state for every view, and loading what one view needs. */
import type { Signal } from "@preact/signals";
import { createContext } from "preact";
import { useContext, useEffect, useState } from "preact/hooks";
import type { HelpPage } from "./frame/help.tsx";
import type { Ask } from "./data/asker.ts";
import type { DataSource } from "./data/data-source.ts";
import type { StartPeer } from "./worker-peer.ts";
import type { ReadHistory } from "./data/training-history.ts";
import type { ViewCode } from "./frame/view-code.ts";
import type { Announcer } from "./stores/announcer.ts";
import type { AskedPictureStore } from "./stores/asked-picture.ts";
import type { Explorer, OpenDictionary } from "./stores/explorer-store.ts";
import { failed, loading, ready, type Loadable } from "./stores/loadable.ts";
import type { Search } from "./stores/search/search.ts";
import type { Shortcuts } from "./stores/shortcuts.ts";
import type { ThemeStore } from "./stores/theme-store.ts";
import type { Views } from "./views/registry.ts";

export interface ExplorerServices {
  explorer: Explorer;
  views: Views;
  code: ViewCode;
  theme: ThemeStore;
  ask: Ask;
  askedPicture: AskedPictureStore<File>;
  histories: ReadHistory;
  source: DataSource;
  /** Threads that compute, for the views that need them. */
  workers: Readonly<Record<"intervention" | "matching", StartPeer>>;
  shortcuts: Shortcuts;
  announcer: Announcer;
  search: Search;
  /** The page of the help that is open; null: none. */
  help: Signal<HelpPage | null>;
}

export const ExplorerContext = createContext<ExplorerServices | null>(null);

export function useServices(): ExplorerServices {
  const services = useContext(ExplorerContext);
  if (services === null) throw new Error("no explorer around this view");
  return services;
}

export function useExplorer(): Explorer {
  return useServices().explorer;
}

/** What was loaded and whether it still belongs to the concept before: kept, so that nothing jumps. */
export interface Loaded<T> {
  content: Loadable<T>;
  stale: boolean;
}

export function useLoaded<T>(
  load: (opened: OpenDictionary, concept: number) => Promise<T>,
  opened: OpenDictionary,
  concept: number,
): Loaded<T> {
  const [state, setState] = useState<{
    opened: OpenDictionary | null;
    concept: number;
    content: Loadable<T>;
  }>({
    opened: null,
    concept: -1,
    content: loading,
  });
  useEffect(() => {
    let current = true;
    const settle = (content: Loadable<T>) => {
      if (current) setState({ opened, concept, content });
    };
    load(opened, concept).then(
      (value) => settle(ready(value)),
      (error: unknown) => settle(failed(error)),
    );
    return () => {
      current = false;
    };
  }, [opened, concept]);
  const stale = state.concept !== concept || state.opened !== opened;
  return { content: state.content, stale };
}
