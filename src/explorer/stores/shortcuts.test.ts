import { describe, expect, it } from "vitest";
import { createShortcuts, type Shortcut } from "./shortcuts.ts";

function noted(...names: string[]) {
  const done: string[] = [];
  const shortcuts = names.map((name): Shortcut => {
    const [keys = "", does = ""] = name.split(": ");
    return { keys: keys.split(", "), does, run: () => void done.push(does) };
  });
  return { done, shortcuts };
}

describe("keys", () => {
  it("do what they were added for, any of several", () => {
    const keys = createShortcuts();
    const { done, shortcuts } = noted("j, ArrowDown: next", "k: before");
    keys.add({ title: "List", shortcuts });
    expect(["j", "ArrowDown", "x", "k"].map((key) => keys.press(key, 0))).toEqual([true, true, false, true]);
    expect(done).toEqual(["next", "next", "before"]);
  });

  it("come in twos, when the second follows soon", () => {
    const keys = createShortcuts();
    const { done, shortcuts } = noted("g m: map", "g c: concepts", "m: mute");
    keys.add({ title: "Views", shortcuts });
    expect(keys.press("g", 0)).toBe(true);
    expect(keys.press("c", 1500)).toBe(true);
    expect(keys.press("g", 2000)).toBe(true);
    expect(keys.press("m", 3501)).toBe(true);
    expect(keys.press("g", 4000)).toBe(true);
    expect(keys.press("x", 4100)).toBe(false);
    expect(keys.press("c", 4200)).toBe(false);
    expect(done).toEqual(["concepts", "mute"]);
  });

  it("go first to what was added last, and on when that has nothing to do", () => {
    const keys = createShortcuts();
    const page = noted("Escape: leave");
    const view = noted("Escape: deselect");
    let selected = true;
    keys.add({ title: "Everywhere", shortcuts: page.shortcuts });
    const remove = keys.add({
      title: "Map",
      shortcuts: view.shortcuts.map((one) => ({
        ...one,
        run: () => {
          if (!selected) return false;
          selected = false;
          return one.run();
        },
      })),
    });
    keys.press("Escape", 0);
    keys.press("Escape", 1);
    expect([view.done, page.done]).toEqual([["deselect"], ["leave"]]);
    selected = true;
    remove();
    keys.press("Escape", 2);
    expect([view.done, page.done]).toEqual([["deselect"], ["leave", "leave"]]);
    expect(keys.groups.value.map(({ title }) => title)).toEqual(["Everywhere"]);
  });
});
