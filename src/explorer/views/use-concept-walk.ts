/** Keys that walk through the listed concepts, for every view that has one selected. */
import { useServices } from "../explorer-context.ts";
import { useShortcuts } from "../frame/use-shortcuts.ts";

/** On a page of one concept up and down scroll, and left and right walk; elsewhere up and down walk. */
export function useConceptWalk(where: "page" | "list", onStep?: () => void): void {
  const { explorer } = useServices();
  const page = where === "page";
  const step = (by: number) => (): false | void => {
    const { concept } = explorer.address.peek();
    const next = concept === null ? explorer.beside(-1, 0) : explorer.beside(concept, by);
    if (next === null) return false;
    explorer.navigate({ concept: next }, "replace");
    onStep?.();
  };
  const walk = [
    { keys: ["j", page ? "ArrowRight" : "ArrowDown"], does: "next concept in the list", run: step(1) },
    { keys: ["k", page ? "ArrowLeft" : "ArrowUp"], does: "previous concept in the list", run: step(-1) },
  ];
  const open = {
    keys: ["Enter"],
    does: "open the selected concept",
    run(): false | void {
      const { concept } = explorer.address.peek();
      if (concept === null) return false;
      explorer.navigate({ view: "concept" });
    },
  };
  const pick = {
    keys: ["x"],
    does: "pick it, or put it back",
    run(): false | void {
      const { concept } = explorer.address.peek();
      if (concept === null) return false;
      explorer.picked.toggle(concept);
    },
  };
  const deselect = {
    keys: ["Escape"],
    does: "deselect",
    run(): false | void {
      if (explorer.address.peek().concept === null) return false;
      explorer.navigate({ concept: null });
    },
  };
  useShortcuts("Concepts", page ? [...walk, pick] : [...walk, pick, open, deselect]);
}
