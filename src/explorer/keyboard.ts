/** Keys that work everywhere: `/` search, Escape back, arrows from concept to concept, Enter opens. */
import type { Explorer } from "./stores/explorer-store.ts";

export const filterInputId = "concept-filter";

export function onKey(event: KeyboardEvent, explorer: Explorer): void {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
  const target = event.target instanceof HTMLElement ? event.target : null;
  const typing = target !== null && target.matches("input, textarea, select, [contenteditable]");
  const { view, concept } = explorer.address.peek();

  if (event.key === "Escape") {
    if (typing) target.blur();
    else if (view === "concept") explorer.leave();
    else if (concept !== null) explorer.navigate({ concept: null });
    return;
  }
  const fromSearch = target?.id === filterInputId && (event.key === "ArrowDown" || event.key === "Enter");
  if (typing && !fromSearch) return;
  if (event.key === "/") {
    event.preventDefault();
    const focus = (): void => document.getElementById(filterInputId)?.focus();
    if (view === "concept") {
      explorer.navigate({ view: "concepts" });
      requestAnimationFrame(focus);
    } else focus();
    return;
  }
  if (event.key === "Enter") {
    // A focused link or button answers Enter itself.
    if (target !== null && !fromSearch && target.matches("a, button, summary")) return;
    const chosen = fromSearch ? explorer.beside(-1, 0) : concept;
    if (view !== "concept" && chosen !== null) {
      event.preventDefault();
      explorer.navigate({ view: "concept", concept: chosen });
    }
    return;
  }
  const step = stepOf(event.key, view === "concept");
  if (step === 0) return;
  if (fromSearch) target?.blur();
  const next = concept === null || fromSearch ? explorer.beside(-1, 0) : explorer.beside(concept, step);
  if (next === null) return;
  event.preventDefault();
  explorer.navigate({ concept: next }, "replace");
  // The focus goes along, so that it is seen and Tab goes on from there.
  if (view === "concepts") requestAnimationFrame(() => focusSelectedRow());
}

/** Up and down walk a list; on a concept's page they scroll, and left and right walk. */
function stepOf(key: string, page: boolean): number {
  if (key === "j" || key === (page ? "ArrowRight" : "ArrowDown")) return 1;
  if (key === "k" || key === (page ? "ArrowLeft" : "ArrowUp")) return -1;
  return 0;
}

function focusSelectedRow(): void {
  const row = document.querySelector(".concept-row-selected");
  if (row instanceof HTMLElement) row.focus({ preventScroll: true });
}
