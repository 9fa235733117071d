/** Keys that work everywhere: `/` filter, Escape back, arrows from concept to concept. */
import type { Explorer } from "./stores/explorer-store.ts";

export const filterInputId = "concept-filter";

export function onKey(event: KeyboardEvent, explorer: Explorer): void {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
  const target = event.target instanceof HTMLElement ? event.target : null;
  const typing = target !== null && target.matches("input, textarea, select, [contenteditable]");
  const { view, concept } = explorer.address.peek();

  if (event.key === "Escape") {
    if (typing) target.blur();
    else if (view === "concept") explorer.navigate({ view: "concepts" });
    else if (concept !== null) explorer.navigate({ concept: null });
    return;
  }
  if (typing) return;
  if (event.key === "/") {
    event.preventDefault();
    if (view === "concept") explorer.navigate({ view: "concepts" });
    requestAnimationFrame(() => document.getElementById(filterInputId)?.focus());
    return;
  }
  const step = stepOf(event.key, view === "concept");
  if (step === 0 || (target?.closest("[data-own-arrows]") !== null && target !== null)) return;
  const next = concept === null ? explorer.beside(-1, 0) : explorer.beside(concept, step);
  if (next === null) return;
  event.preventDefault();
  explorer.navigate({ concept: next }, "replace");
}

/** Up and down walk a list; on a concept's page they scroll, and left and right walk. */
function stepOf(key: string, page: boolean): number {
  if (key === "j" || key === (page ? "ArrowRight" : "ArrowDown")) return 1;
  if (key === "k" || key === (page ? "ArrowLeft" : "ArrowUp")) return -1;
  return 0;
}
