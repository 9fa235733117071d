/** After a change of view the focus goes to the new one, and its name is said. */
import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import { useServices } from "../explorer-context.ts";
import type { View } from "../views/view.ts";

/** What is marked with it takes the focus instead of the view as a whole: the selected row of a list. */
export const takesFocus = { "data-takes-focus": "" } as const;

export const viewElementId = "view";

/** `shown`: whether the view's own code draws already. */
export function useViewFocus(shown: boolean): void {
  const { explorer, views, announcer } = useServices();
  const address = explorer.address.value;
  const view: View = views[address.view];
  const place = `${view.name}/${view.path?.write(address) ?? ""}`;
  const before = useRef({ view: view.name, place });
  useEffect(() => {
    if (!shown || before.current.place === place) return undefined;
    const sameView = before.current.view === view.name;
    before.current = { view: view.name, place };
    announcer.say(view.heading?.(address) ?? view.title);
    // Within a view only links lead away from where they stand; buttons stay in use.
    if (sameView && !(document.activeElement instanceof HTMLAnchorElement)) return undefined;
    const frame = requestAnimationFrame(focusView);
    return () => cancelAnimationFrame(frame);
  }, [place, shown]);
}

export function focusView(): void {
  const box = document.getElementById(viewElementId);
  const target = document.querySelector("[data-takes-focus]") ?? box?.querySelector(":scope > :not(h1)");
  if (!(target instanceof HTMLElement)) return;
  if (!target.matches("a, button, input, select, [tabindex]")) target.tabIndex = -1;
  target.focus({ preventScroll: true });
}

/** Gives what a key calls that walks a list: the focus follows when `selected` has changed and is drawn. */
export function useFocusFollows(selected: unknown): () => void {
  const asked = useRef(false);
  useLayoutEffect(() => {
    if (asked.current) focusView();
    asked.current = false;
  }, [selected]);
  return () => {
    asked.current = true;
  };
}
