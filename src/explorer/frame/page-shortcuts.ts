/** The keys that hold everywhere. */
import { useServices } from "../explorer-context.ts";
import type { Shortcut } from "../stores/shortcuts.ts";
import type { View } from "../views/view.ts";
import { searchInputId } from "./search-box.tsx";
import { useShortcuts } from "./use-shortcuts.ts";

export function usePageShortcuts(): void {
  const { explorer, views, help } = useServices();
  const view: View = views[explorer.address.value.view];
  useShortcuts("Everywhere", [
    {
      keys: ["/"],
      does: "search",
      run() {
        const box = document.getElementById(searchInputId);
        if (!(box instanceof HTMLInputElement)) return false;
        // On a phone the box is shown in the search's own view alone.
        if (box.checkVisibility()) box.select();
        else explorer.navigate({ view: "search" });
      },
    },
    { keys: ["?"], does: "this help", run: () => void (help.value = "keys") },
    {
      keys: ["Escape"],
      does: view.navigation === "listed" ? "close what is open" : "back to where it was opened from",
      run() {
        // What is shown now: a key may come before the page is drawn anew.
        const shown: View = views[explorer.address.peek().view];
        if (shown.navigation === "listed") return false;
        explorer.leave();
      },
    },
  ]);
  useShortcuts(
    "Views",
    Object.values(views).flatMap(({ name, title, key }): Shortcut[] =>
      key === null ? [] : [{ keys: [`g ${key}`], does: title, run: () => explorer.navigate({ view: name }) }],
    ),
  );
}
