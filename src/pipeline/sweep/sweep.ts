/**
 * `viaduct sweep`: trains every cell of a grid in processes of their own. What is finished is skipped,
 * what was begun goes on from its checkpoint, a failed cell stops no other. sweep.json in the study
 * says how far it is, but what counts is what the study holds.
 */
import { addAbortListener } from "node:events";
import { ViaductError, badUsage } from "../../base/errors.ts";
import type { ProgressReport } from "../../base/progress.ts";
import type { ProductChoice } from "../../platform/node/cpu-backend.ts";
import type { Lock } from "../../platform/node/files/lock-file.ts";
import type { RunRecord } from "../../protocol/study.ts";
import type { SweepCell, SweepGrid, SweepManifest } from "../../protocol/sweep.ts";
import type { DietSpec } from "../diet/diet.ts";
import { openEmbeddingSet, type EmbeddingSet } from "../embedding-set.ts";
import { openOrCreateStudy } from "../study.ts";
import { cellProcess, type CellProcess } from "./cell-process.ts";
import { planSweep, type Plan, type PlannedCell } from "./grid.ts";
import { lockSweep } from "./lock.ts";
import { extended, manifestWriter, readSweep, removeLeftovers } from "./manifest.ts";
import { finishedRun, isAnalysed } from "./standing.ts";
import { timeLeft, type TimedCell } from "./time-left.ts";

export interface SweepSpec {
  /** Folder of the embedding set. */
  readonly set: string;
  /** Folder of the study; made when absent. */
  readonly study: string;
  readonly learners: readonly string[];
  /** Values as users write them; an empty list leaves them to each learner. */
  readonly concepts: readonly string[];
  readonly k: readonly string[];
  readonly seeds: readonly string[];
  /** "75:25"; all cells get as many rows, the most that all mixtures can have. Empty: all rows. */
  readonly mixtures: readonly string[];
  /** What every cell is fed of, whatever its mixture. */
  readonly diet: Omit<DietSpec, "mixture">;
  /** Further options, for the learners that have them. */
  readonly options: Readonly<Record<string, unknown>>;
  /** Analyse each dictionary as well. */
  readonly analyze: boolean;
  /** Cells at once; default: one for each thread, as far as memory goes. */
  readonly atOnce?: number;
  /** Threads of all cells together. */
  readonly threads: number;
  readonly product: ProductChoice;
}

export interface RunningCell {
  readonly name: string;
  /** The latest that it said; null before that. */
  readonly report: ProgressReport | null;
  readonly seconds: number;
}

export interface SweepView {
  /** All cells of this grid. */
  readonly cells: readonly SweepCell[];
  readonly running: readonly RunningCell[];
  /** Cells that were finished before this sitting. */
  readonly skipped: number;
  readonly atOnce: number;
  readonly secondsLeft: number | null;
  readonly notes: readonly string[];
  /** The cell whose state has just changed. */
  readonly changed: SweepCell | null;
}

export interface SweepEffects {
  /** Bytes of memory that are free. */
  readonly freeMemory: number;
  /** Milliseconds since any fixed moment. */
  readonly now: () => number;
  /** Called at every change of state and with running cells' progress. */
  readonly report?: (view: SweepView) => void;
  readonly signal?: AbortSignal;
}

export interface SweepResult {
  /** Absolute path. */
  readonly study: string;
  readonly cells: readonly SweepCell[];
  readonly skipped: number;
  readonly atOnce: number;
  readonly notes: readonly string[];
  readonly seconds: number;
}

export async function sweepStudy(spec: SweepSpec, effects: SweepEffects): Promise<SweepResult> {
  if (spec.atOnce !== undefined && !(Number.isInteger(spec.atOnce) && spec.atOnce >= 1)) {
    throw badUsage(`atOnce is ${spec.atOnce}; expected a whole number, at least 1`);
  }
  const set = await openEmbeddingSet(spec.set, { verify: true });
  let sweep: Sweep;
  let lock: Lock;
  try {
    const plan = await planSweep(spec, set);
    const study = await openOrCreateStudy(spec.study, set);
    lock = lockSweep(study.path);
    sweep = new Sweep(spec, study.path, set, plan, effects);
  } finally {
    await set.close();
  }
  try {
    return await sweep.run();
  } finally {
    lock.release();
  }
}

/** Memory that a process needs before it holds any rows. */
const processBytes = 200 * 2 ** 20;
/** Matrices of c x d float32 that training holds: weights, both moments, gradients, the start. */
const matrices = 10;
const usableMemory = 0.8;

class Sweep {
  readonly #spec: SweepSpec;
  readonly #study: string;
  readonly #plan: Plan;
  readonly #effects: SweepEffects;
  readonly #dataHash: string;
  readonly #setBytes: number;
  readonly #dimension: number;
  readonly #cells: SweepCell[];
  readonly #waiting: number[] = [];
  readonly #running = new Map<number, { report: ProgressReport | null; startedAt: number }>();
  readonly #left = timeLeft();
  readonly #writer: ReturnType<typeof manifestWriter>;
  #before: SweepManifest | null = null;
  #skipped = 0;
  #atOnce = 1;

  constructor(spec: SweepSpec, study: string, set: EmbeddingSet, plan: Plan, effects: SweepEffects) {
    this.#spec = spec;
    this.#study = study;
    this.#plan = plan;
    this.#effects = effects;
    this.#dataHash = set.manifest.dataHash;
    this.#dimension = set.embeddings.dimension;
    this.#setBytes = 4 * this.#dimension * (set.embeddings.image.rows + set.embeddings.text.rows);
    this.#cells = plan.cells.map(waitingCell);
    this.#writer = manifestWriter(study);
  }

  async run(): Promise<SweepResult> {
    const { now, signal } = this.#effects;
    const started = now();
    await removeLeftovers(this.#study);
    this.#before = await readSweep(this.#study);
    for (const index of this.#cells.keys()) await this.#look(index);
    this.#skipped = this.#cells.filter((cell) => cell.state === "done").length;
    this.#atOnce = this.#cellsAtOnce();
    this.#write();
    this.#report(null);
    const processes = Array.from({ length: this.#atOnce }, cellProcess);
    const stop = (): void => processes.forEach((one) => one.stop());
    const listening = signal && addAbortListener(signal, stop);
    try {
      await Promise.all(processes.map((one) => this.#slot(one)));
    } finally {
      listening?.[Symbol.dispose]();
      await Promise.all(processes.map((one) => one.close()));
      await this.#writer.settled();
    }
    if (signal?.aborted) {
      const done = this.#cells.filter((cell) => cell.state === "done").length;
      throw new ViaductError("cancelled", `sweep stopped with ${done} of ${this.#cells.length} cells done`);
    }
    return {
      study: this.#study,
      cells: this.#cells,
      skipped: this.#skipped,
      atOnce: this.#atOnce,
      notes: this.#plan.notes,
      seconds: (now() - started) / 1000,
    };
  }

  /** What the study holds of a cell decides whether there is anything to do. */
  async #look(index: number): Promise<void> {
    const cell = this.#plan.cells[index]!;
    if (cell.refusal !== null) return;
    try {
      const run = await finishedRun(this.#study, cell);
      if (run !== null) {
        this.#left.took(timed(cell), run.seconds);
        this.#cells[index] = { ...this.#cells[index]!, ...measured(run) };
      }
      if (run !== null && (!this.#spec.analyze || isAnalysed(this.#study, cell.name))) {
        this.#cells[index] = { ...this.#cells[index]!, state: "done" };
      } else this.#waiting.push(index);
    } catch (error) {
      this.#cells[index] = { ...this.#cells[index]!, state: "failed", error: messageOf(error) };
    }
  }

  #cellsAtOnce(): number {
    const { atOnce, threads } = this.#spec;
    const most = Math.max(1, Math.min(atOnce ?? threads, this.#waiting.length));
    if (atOnce !== undefined) return most;
    const concepts = this.#waiting.map((index) => conceptsOf(this.#plan.cells[index]!));
    const weights = Math.max(0, ...concepts) * this.#dimension * 4 * matrices;
    const bytes = processBytes + 2 * this.#setBytes + weights;
    return Math.max(1, Math.min(most, Math.floor((usableMemory * this.#effects.freeMemory) / bytes)));
  }

  async #slot(process: CellProcess): Promise<void> {
    while (!this.#effects.signal?.aborted) {
      const index = this.#waiting.shift();
      if (index === undefined) return;
      await this.#train(index, process);
    }
  }

  async #train(index: number, process: CellProcess): Promise<void> {
    const { now, signal } = this.#effects;
    const cell = this.#plan.cells[index]!;
    const startedAt = now();
    this.#running.set(index, { report: null, startedAt });
    // The last ones share out the threads that the others no longer need.
    const abreast = Math.min(this.#atOnce, this.#waiting.length + this.#running.size);
    const threads = Math.max(1, Math.floor(this.#spec.threads / abreast));
    this.#change(index, { state: "running", error: null });
    try {
      const trained = (await finishedRun(this.#study, cell)) !== null;
      await process.run(
        {
          train: {
            set: this.#spec.set,
            study: this.#study,
            learner: cell.learner,
            options: cell.options,
            diet: cell.diet,
            name: cell.name,
            resume: true,
            // Done once for all cells.
            verify: false,
          },
          name: cell.name,
          trained,
          analyze: this.#spec.analyze,
          threads,
          product: this.#spec.product,
        },
        (report) => {
          this.#running.set(index, { report, startedAt });
          this.#report(null);
        },
      );
      const run = await finishedRun(this.#study, cell);
      if (run === null) throw new Error("its process ended well and left no dictionary");
      this.#running.delete(index);
      this.#left.took(timed(cell), (now() - startedAt) / 1000);
      this.#change(index, { state: "done", ...measured(run) });
    } catch (error) {
      this.#running.delete(index);
      if (signal?.aborted) this.#change(index, { state: "waiting" });
      else this.#change(index, { state: "failed", error: messageOf(error) });
    }
  }

  #change(index: number, news: Partial<SweepCell>): void {
    this.#cells[index] = { ...this.#cells[index]!, ...news };
    this.#write();
    this.#report(this.#cells[index]);
  }

  #write(): void {
    const grid = gridOf(this.#spec, this.#plan);
    this.#writer.write(extended(this.#before, { dataHash: this.#dataHash, grid, cells: [...this.#cells] }));
  }

  #report(changed: SweepCell | null): void {
    const { report, now } = this.#effects;
    if (report === undefined) return;
    const running = [...this.#running].map(([index, { report: latest, startedAt }]) => ({
      ...timed(this.#plan.cells[index]!),
      name: this.#cells[index]!.name,
      report: latest,
      seconds: (now() - startedAt) / 1000,
      done: latest?.stage === "train" ? latest.done / latest.total : 0,
    }));
    report({
      cells: this.#cells,
      running: running.map(({ name, report: latest, seconds }) => ({ name, report: latest, seconds })),
      skipped: this.#skipped,
      atOnce: this.#atOnce,
      secondsLeft: this.#left.estimate(
        this.#waiting.map((index) => timed(this.#plan.cells[index]!)),
        running,
        this.#atOnce,
      ),
      notes: this.#plan.notes,
      changed,
    });
  }
}

function gridOf(spec: SweepSpec, plan: Plan): SweepGrid {
  const { learners, concepts, k, seeds, mixtures, options, diet } = spec;
  return {
    learners: [...learners],
    concepts: [...concepts],
    k: [...k],
    seeds: [...seeds],
    mixtures: [...mixtures],
    rows: plan.rows,
    options: { ...options },
    diet: { ...diet },
  };
}

function waitingCell({ name, learner, concepts, k, seed, mixture, refusal }: PlannedCell): SweepCell {
  return {
    name,
    learner,
    concepts,
    k,
    seed,
    mixture,
    state: refusal === null ? "waiting" : "refused",
    error: refusal,
    seconds: null,
    r2: null,
    activePerSample: null,
    deadFraction: null,
  };
}

function measured({ seconds, metrics: { all } }: RunRecord): Partial<SweepCell> {
  return { seconds, r2: all.r2, activePerSample: all.activePerSample, deadFraction: all.deadFraction };
}

function conceptsOf({ run }: PlannedCell): number {
  const concepts: unknown = Object.entries(run?.config ?? {}).find(([name]) => name === "concepts")?.[1];
  return typeof concepts === "number" ? concepts : 1;
}

/** Reading, starting and measuring, in concepts. */
const besides = 256;

function timed(cell: PlannedCell): TimedCell {
  return { learner: cell.learner, work: (conceptsOf(cell) + besides) * (cell.run?.rows ?? 1) };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
