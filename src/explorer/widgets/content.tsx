/** Something that arrives: its skeleton before, the line that says why when it does not, itself then. */
import type { ComponentChildren, JSX } from "preact";
import type { Loadable } from "../stores/loadable.ts";
import { Notice } from "./notice.tsx";

interface ContentProps<T> {
  of: Loadable<T>;
  /** As large as the content will be. */
  skeleton: ComponentChildren;
  /** Heading of the error: "The examples cannot be read". */
  failed: string;
  retry?: () => void;
  children: (value: T) => ComponentChildren;
}

export function Content<T>({ of, skeleton, failed, retry, children }: ContentProps<T>): JSX.Element {
  if (of.state === "loading") return <>{skeleton}</>;
  if (of.state === "ready") return <>{children(of.value)}</>;
  return (
    <Notice kind="error" title={failed}>
      <p>{of.reason}</p>
      {retry !== undefined && (
        <button type="button" class="button" onClick={retry}>
          Try again
        </button>
      )}
    </Notice>
  );
}
