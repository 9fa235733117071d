/** Runs that are trained while the page is open: asked for again and again, each log read from where it was read to. */
import type { StudySummary, TrainingRun } from "../../protocol/study-summary.ts";
import type { DataSource } from "./data-source.ts";
import type { TrainingHistory } from "./training-history.ts";

export interface LiveStudy {
  readonly summary: StudySummary;
  /** What the runs in training have logged so far. */
  readonly training: readonly TrainingHistory[];
}

type Files = Pick<DataSource, "json" | "tail" | "bytes">;

interface ReadLog {
  readonly bytes: number;
  /** The last line, of which the end was not there yet. */
  readonly open: string;
  readonly rows: Record<string, number>[];
}

export class LiveTraining {
  readonly #source: Files;
  readonly #logs = new Map<string, ReadLog>();

  constructor(source: Files) {
    this.#source = source;
  }

  /** How the study stands now. */
  async look(): Promise<LiveStudy> {
    const summary = (await this.#source.json("summary.json")) as StudySummary;
    const runs = summary.training ?? [];
    for (const path of this.#logs.keys()) if (!runs.some(({ log }) => log === path)) this.#logs.delete(path);
    // A run that ends between the two requests takes its log along.
    await Promise.all(runs.map((run) => this.#read(run).catch(() => {})));
    return { summary, training: runs.map((run) => historyOf(run.name, this.#logs.get(run.log)?.rows ?? [])) };
  }

  async #read({ log: path }: TrainingRun): Promise<void> {
    const file = `study/${path}`;
    const { size } = await this.#source.tail(file, 1);
    const known = this.#logs.get(path);
    // A shorter one was begun anew.
    const log = known === undefined || size < known.bytes ? { bytes: 0, open: "", rows: [] } : known;
    if (size === log.bytes) return;
    const text = log.open + new TextDecoder().decode(await this.#source.bytes(file, log.bytes, size));
    const lines = text.split("\n");
    const open = lines.pop() ?? "";
    // One that was begun anew and has outgrown what was known of it breaks in the middle of a line.
    this.#logs.delete(path);
    const added = lines.map((line) => JSON.parse(line) as Record<string, number>);
    this.#logs.set(path, { bytes: size, open, rows: [...log.rows, ...added] });
  }
}

/** NaN where a moment did not log a value. */
function historyOf(name: string, rows: readonly Record<string, number>[]): TrainingHistory {
  const names = new Set(rows.flatMap((row) => Object.keys(row)));
  return {
    name,
    columns: new Map(
      Array.from(names, (column) => [column, Float64Array.from(rows, (row) => row[column] ?? NaN)]),
    ),
  };
}
