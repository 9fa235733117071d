/** Which keys do what. Views add theirs while they are shown; the help lists all that hold at the moment. */
import { computed, signal, type ReadonlySignal } from "@preact/signals";

export interface Shortcut {
  /** Any of these: a `KeyboardEvent.key`, or two after one another, `g m`. */
  keys: readonly string[];
  /** What it does, for the help. */
  does: string;
  /** False: nothing was done here, and the key goes on to others. */
  run: () => void | false;
}

export interface ShortcutGroup {
  title: string;
  shortcuts: readonly Shortcut[];
}

export interface Shortcuts {
  /** Those added last come first. */
  readonly groups: ReadonlySignal<readonly ShortcutGroup[]>;
  /** Gives what takes the group out again. */
  add(group: ShortcutGroup): () => void;
  /** Whether the key did something, or is the first of two; `time` in milliseconds, from any start. */
  press(key: string, time: number): boolean;
}

/** Milliseconds between two keys that belong together. */
const together = 1500;

export function createShortcuts(): Shortcuts {
  const added = signal<readonly ShortcutGroup[]>([]);
  let first: { key: string; time: number } | null = null;

  const all = (): Shortcut[] => added.peek().flatMap(({ shortcuts }) => shortcuts);
  const run = (keys: string): boolean =>
    all().some((shortcut) => shortcut.keys.includes(keys) && shortcut.run() !== false);

  return {
    groups: computed(() => added.value),
    add(group) {
      added.value = [group, ...added.peek()];
      return () => {
        added.value = added.peek().filter((one) => one !== group);
      };
    },
    press(key, time) {
      const before = first;
      first = null;
      if (before !== null && time - before.time <= together && run(`${before.key} ${key}`)) return true;
      if (run(key)) return true;
      if (!all().some(({ keys }) => keys.some((one) => one.startsWith(`${key} `)))) return false;
      first = { key, time };
      return true;
    },
  };
}
