/** What a sweep and the processes of its cells say to each other. */
import type { ErrorCode } from "../../base/errors.ts";
import type { ProgressReport } from "../../base/progress.ts";
import type { ProductChoice } from "../../platform/node/cpu-backend.ts";
import type { TrainSpec } from "../train.ts";

export interface CellTask {
  readonly train: TrainSpec;
  /** The dictionary's name. */
  readonly name: string;
  /** It is there already and only waits to be analysed. */
  readonly trained: boolean;
  readonly analyze: boolean;
  readonly threads: number;
  readonly product: ProductChoice;
}

export type ToCell = { readonly kind: "run"; readonly task: CellTask } | { readonly kind: "stop" };

export type FromCell =
  | { readonly kind: "progress"; readonly report: ProgressReport }
  | { readonly kind: "done" }
  | { readonly kind: "failed"; readonly code: ErrorCode | null; readonly message: string };
