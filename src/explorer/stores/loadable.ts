/** Something that arrives later, or fails with one line to show. */
export type Loadable<T> =
  | { state: "loading" }
  | { state: "ready"; value: T }
  | { state: "failed"; reason: string };

export const loading: { readonly state: "loading" } = { state: "loading" };

export function ready<T>(value: T): Loadable<T> {
  return { state: "ready", value };
}

export function failed(error: unknown): { state: "failed"; reason: string } {
  return { state: "failed", reason: error instanceof Error ? error.message : String(error) };
}

export function valueOf<T>(loadable: Loadable<T>): T | null {
  return loadable.state === "ready" ? loadable.value : null;
}
