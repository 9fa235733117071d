/** What is said to those who do not see the page change. */
import { signal, type ReadonlySignal } from "@preact/signals";

export interface Announcer {
  readonly text: ReadonlySignal<string>;
  say(text: string): void;
}

export function createAnnouncer(): Announcer {
  const text = signal("");
  return {
    text,
    say(next) {
      // The same words again are not read again unless they differ.
      text.value = next === text.peek() ? `${next}\u00A0` : next;
    },
  };
}
