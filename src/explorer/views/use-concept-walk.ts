/** Keys that walk through the listed concepts, for every view that has one selected. */
import { useServices } from "../explorer-context.ts";
import { useShortcuts } from "../frame/use-shortcuts.ts";

const arrows = {
  list: { next: ["ArrowDown"], previous: ["ArrowUp"] },
  // Up and down scroll.
  page: { next: ["ArrowRight"], previous: ["ArrowLeft"] },
  // Arrows go where they point.
  map: { next: [], previous: [] },
} as const;

export function useConceptWalk(where: keyof typeof arrows, onStep?: () => void): void {
  const { explorer } = useServices();
  const step = (by: number) => (): false | void => {
    const { concept } = explorer.address.peek();
    const next = concept === null ? explorer.beside(-1, 0) : explorer.beside(concept, by);
    if (next === null) return false;
    onStep?.();
    explorer.navigate({ concept: next }, "replace");
  };
  const walk = [
    { keys: ["j", ...arrows[where].next], does: "next concept in the list", run: step(1) },
    { keys: ["k", ...arrows[where].previous], does: "previous concept in the list", run: step(-1) },
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
  useShortcuts("Concepts", where === "page" ? [...walk, pick] : [...walk, pick, open, deselect]);
}
