/** What a component reads, kept while something newer is on its way so that nothing jumps. */
import { useEffect, useState } from "preact/hooks";
import { failed, loading, ready, type Loadable } from "./stores/loadable.ts";

export interface Arrival<T> {
  content: Loadable<T>;
  /** Whether the content still belongs to the key before. */
  stale: boolean;
}

/** Reads again when `key` changes, or the thing `of` which it is read. */
export function useArrival<T>(read: () => Promise<T>, key: string, of: unknown = null): Arrival<T> {
  const [state, setState] = useState<{ key: string; of: unknown; content: Loadable<T> } | null>(null);
  useEffect(() => {
    let current = true;
    const settle = (content: Loadable<T>): void => {
      if (current) setState({ key, of, content });
    };
    read().then(
      (value) => settle(ready(value)),
      (error: unknown) => settle(failed(error)),
    );
    return () => {
      current = false;
    };
  }, [key, of]);
  return { content: state?.content ?? loading, stale: state?.key !== key || state.of !== of };
}
