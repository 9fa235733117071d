/** The view that the address names, or why it cannot be shown and what to do. */
import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import { useServices } from "../explorer-context.ts";
import { valueOf } from "../stores/loadable.ts";
import { Notice } from "../widgets/notice.tsx";
import type { View } from "../views/view.ts";
import { useViewFocus } from "./use-view-focus.ts";
import { dictionaryProblem } from "./dictionary-problem.tsx";

export function ViewFrame(): JSX.Element {
  const { explorer, views } = useServices();
  const view: View = views[explorer.address.value.view];
  const problem = view.needs === "dictionary" ? dictionaryProblem(explorer) : null;
  return problem ?? <Shown view={view} />;
}

function Shown({ view }: { view: View }): JSX.Element {
  const { explorer, views, code } = useServices();
  const loaded = code.of(view).value;
  useViewFocus(loaded.state === "ready");
  // Once something is on the screen, so that changing to another view waits for nothing.
  useEffect(() => {
    if (loaded.state === "loading") return undefined;
    const later = setTimeout(() => Object.values(views).forEach((one: View) => code.of(one)), 1000);
    return () => clearTimeout(later);
  }, [loaded.state]);
  if (loaded.state === "failed") {
    return (
      <Notice kind="error" title={`${view.title} cannot be loaded`}>
        <p>Its code did not arrive: is the server still running? ({loaded.reason})</p>
        <button type="button" class="button" onClick={() => location.reload()}>
          Reload the page
        </button>
      </Notice>
    );
  }
  if (loaded.state === "loading") return <div aria-busy="true" />;
  const Component = loaded.value;
  const opened = valueOf(explorer.open.value);
  const complete = opened === null || view.columns === undefined || opened.tables.hasColumns(view.columns);
  return <Component opened={complete ? opened : null} />;
}
