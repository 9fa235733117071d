/** Something read once, when it is first asked for. */
import { signal } from "@preact/signals";
import { failed, loading, ready, type Loadable } from "./loadable.ts";

/** The function requests it and subscribes to its arrival. */
export function lazily<T>(read: () => Promise<T>): () => Loadable<T> {
  const value = signal<Loadable<T>>(loading);
  let asked = false;
  return () => {
    if (!asked) {
      asked = true;
      read().then(
        (content) => (value.value = ready(content)),
        (error: unknown) => (value.value = failed(error)),
      );
    }
    return value.value;
  };
}
