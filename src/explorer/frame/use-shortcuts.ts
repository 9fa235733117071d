import { useLayoutEffect, useRef } from "preact/hooks";
import { useServices } from "../explorer-context.ts";
import type { Shortcut } from "../stores/shortcuts.ts";

/** Holds while the component is shown; what the keys do is always that of its latest drawing. */
export function useShortcuts(title: string, shortcuts: readonly Shortcut[]): void {
  const services = useServices();
  const latest = useRef(shortcuts);
  latest.current = shortcuts;
  const which = shortcuts.map(({ keys, does }) => `${keys.join()} ${does}`).join("\n");
  // With what is drawn, not after it: the next key already means this.
  useLayoutEffect(
    () =>
      services.shortcuts.add({
        title,
        shortcuts: latest.current.map(({ keys, does }, i) => ({
          keys,
          does,
          run: () => latest.current[i]!.run(),
        })),
      }),
    [services, title, which],
  );
}
