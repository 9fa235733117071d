import "./failure.css";
import type { JSX } from "preact";
import type { Loadable } from "../stores/loadable.ts";

/** The line that says why something could not be read; nothing while there is none to say. */
export function Failure({ content }: { content: Loadable<unknown> }): JSX.Element | null {
  return content.state === "failed" ? (
    <p class="nothing" role="alert">
      {content.reason}
    </p>
  ) : null;
}
