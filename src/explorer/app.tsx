/** The page: header, the view that the address names, definitions on top. */
import "./frame/page.css";
import { useEffect } from "preact/hooks";
import type { JSX } from "preact";
import { useServices } from "./explorer-context.ts";
import { valueOf } from "./stores/loadable.ts";
import { Help } from "./frame/help.tsx";
import { onKey } from "./frame/keyboard.ts";
import { usePageShortcuts } from "./frame/page-shortcuts.ts";
import { focusView, viewElementId } from "./frame/use-view-focus.ts";
import { usePictureDrop } from "./frame/use-picture-drop.ts";
import { Overview } from "./frame/overview.tsx";
import { PickBar } from "./frame/pick-bar.tsx";
import { TopBar } from "./frame/top-bar.tsx";
import { ViewFrame } from "./frame/view-frame.tsx";
import type { View } from "./views/view.ts";
import { Notice } from "./widgets/notice.tsx";
import { DefinitionPopover } from "./widgets/term.tsx";

export function App(): JSX.Element {
  const { explorer, views, shortcuts, announcer, help } = useServices();
  const study = explorer.study.value;
  const address = explorer.address.value;
  const view: View = views[address.view];
  const setProblem = valueOf(study)?.set.problem ?? null;

  useEffect(() => {
    const listener = (event: KeyboardEvent) => onKey(event, shortcuts);
    document.addEventListener("keydown", listener);
    return () => document.removeEventListener("keydown", listener);
  }, [shortcuts]);
  usePageShortcuts();
  usePictureDrop();

  useEffect(() => {
    const name = valueOf(study)?.name ?? "";
    const heading = view.heading?.(address) ?? view.title;
    document.title = [heading, name, "Viaduct"].filter((part) => part !== "").join(" · ");
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
      <button type="button" class="skip-link" onClick={focusView}>
        Skip to the view
      </button>
      <TopBar />
      <Overview />
      {setProblem !== null && (
        <p class="set-problem" role="alert">
          {setProblem}
        </p>
      )}
      <main class="page-view" id={viewElementId}>
        {view.navigation === "listed" && <h1 class="visually-hidden">{view.title}</h1>}
        <ViewFrame />
        <PickBar />
      </main>
      <p class="visually-hidden" role="status">
        {announcer.text}
      </p>
      <DefinitionPopover onMore={() => (help.value = "words")} />
      <Help />
    </div>
  );
}
