/** The code of views: loaded when one is first shown, and kept. */
import { signal, type ReadonlySignal, type Signal } from "@preact/signals";
import type { ComponentType } from "preact";
import { failed, loading, ready, type Loadable } from "../stores/loadable.ts";
import type { View, ViewProps } from "../views/view.ts";

type Code = Loadable<ComponentType<ViewProps>>;

export interface ViewCode {
  /** Begins to load what is not there. */
  of(view: View): ReadonlySignal<Code>;
}

export function createViewCode(): ViewCode {
  const kept = new Map<View, Signal<Code>>();
  const load = (view: View, code: Signal<Code>): void => {
    code.value = loading;
    view.load().then(
      (component) => (code.value = ready(component)),
      (error: unknown) => (code.value = failed(error)),
    );
  };
  const of = (view: View): Signal<Code> => {
    const known = kept.get(view);
    if (known !== undefined) return known;
    const code = signal<Code>(loading);
    kept.set(view, code);
    load(view, code);
    return code;
  };
  return { of };
}
