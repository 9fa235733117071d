/** How far what an answer needs has been fetched: the model before the first one. */
import "./fetched-so-far.css";
import type { JSX } from "preact";
import type { ProgressReport } from "../../../base/progress.ts";
import { Meter } from "../../widgets/meter.tsx";
import { mebibytes } from "../../widgets/number-text.ts";

export function FetchedSoFar({ done, total }: ProgressReport): JSX.Element {
  return (
    <p class="fetched-so-far" role="status">
      <span>
        Loading the model, {mebibytes(done)} of {mebibytes(total)} MiB
      </span>
      <Meter share={total > 0 ? done / total : 0} />
    </p>
  );
}
