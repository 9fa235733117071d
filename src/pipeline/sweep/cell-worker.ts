/**
 * A process that trains the cells of a sweep, one after the other. When the sweep is gone, so is it:
 * what is not published then is trained again, or goes on from its checkpoint.
 */
import { ViaductError } from "../../base/errors.ts";
import type { ProgressReport } from "../../base/progress.ts";
import type { Backend } from "../../kernels/backend.ts";
import { createCpuBackend } from "../../platform/node/cpu-backend.ts";
import { analyzeStudy } from "../analyze.ts";
import { trainStudy } from "../train.ts";
import type { CellTask, FromCell, ToCell } from "./cell-messages.ts";

/** Milliseconds between reports of progress. */
const interval = 200;
const sweep = process.ppid;
const stop = new AbortController();
let engine: { readonly backend: Backend; readonly of: string } | null = null;

const say = (message: FromCell): void => {
  if (process.connected) process.send?.(message);
};

/** A process busy computing hears of the sweep's end late; this asks. */
function endWithSweep(): void {
  if (process.ppid !== sweep) process.exit(1);
}

// Ctrl-C reaches all processes of a terminal; the sweep decides and says so.
process.on("SIGINT", () => {});
process.on("disconnect", () => process.exit(1));
process.on("message", (message: ToCell) => {
  if (message.kind === "stop") stop.abort(new ViaductError("cancelled", "stopped"));
  else void run(message.task);
});

async function run(task: CellTask): Promise<void> {
  try {
    await complete(task);
    say({ kind: "done" });
  } catch (error) {
    const known = error instanceof ViaductError;
    const message = error instanceof Error ? error.message : String(error);
    say({ kind: "failed", code: known ? error.code : null, message });
  }
}

async function complete({ train, name, trained, analyze, threads, product }: CellTask): Promise<void> {
  const of = `${product} ${threads}`;
  if (engine?.of !== of) {
    await engine?.backend.close();
    engine = null;
    engine = { backend: await createCpuBackend({ threads, product }), of };
  }
  const { backend } = engine;
  const { signal } = stop;
  let last = -Infinity;
  const progress = (report: ProgressReport): void => {
    const now = performance.now();
    if (now - last < interval) return;
    last = now;
    endWithSweep();
    say({ kind: "progress", report });
  };
  const now = (): number => {
    endWithSweep();
    return Date.now();
  };
  if (!trained) await trainStudy(train, { backend, signal, progress, now });
  if (analyze) await analyzeStudy({ study: train.study, dictionary: name }, { backend, signal, progress });
}
