/**
 * A sweep as it runs. On a terminal: finished cells as lines that stay, below them the running ones and
 * a summary, in place. Elsewhere JSON lines: one at every change of a cell, and now and then one between.
 */
import type { RunningCell, SweepView } from "../pipeline/sweep/sweep.ts";
import type { CellState, SweepCell } from "../protocol/sweep.ts";
import { figure } from "./output.ts";
import { duration } from "./terminal.ts";

export interface SweepProgress {
  show(view: SweepView): void;
  /** A line that stays. */
  say(line: string): void;
  /** Ends the live lines. */
  stop(): void;
}

export function sweepProgress(stream: NodeJS.WriteStream = process.stderr): SweepProgress {
  return stream.isTTY ? liveTable(stream) : jsonLines(stream);
}

export function countOf(cells: readonly SweepCell[], state: CellState): number {
  return cells.filter((cell) => cell.state === state).length;
}

/** Milliseconds between two drawings, and between JSON lines without a change. */
const frame = 125;
const heartbeat = 10_000;
const barWidth = 16;

function liveTable(stream: NodeJS.WriteStream): SweepProgress {
  let drawn = 0;
  let latest: SweepView | null = null;
  let last = -Infinity;
  let greeted = false;
  const clear = (): string => (drawn === 0 ? "" : `\x1b[${drawn}A\r\x1b[J`);
  const draw = (settled: readonly string[]): void => {
    if (latest === null) return;
    last = performance.now();
    const width = Math.max(20, stream.columns) - 1;
    const lines = live(latest, width);
    const fit = (line: string): string => (line.length > width ? `${line.slice(0, width - 1)}…` : line);
    stream.write(`${clear()}${[...settled, ...lines].map((line) => `${fit(line)}\n`).join("")}`);
    drawn = lines.length;
  };
  const showCursor = (): void => {
    stream.write("\x1b[?25h");
  };
  // Seconds pass without news as well.
  const timer = setInterval(() => draw([]), 1000);
  timer.unref();
  return {
    show(view) {
      const settled: string[] = [];
      if (!greeted) {
        greeted = true;
        stream.write("\x1b[?25l");
        // A second Ctrl-C ends the process at once.
        process.on("exit", showCursor);
        settled.push(...opening(view));
      }
      latest = view;
      if (view.changed !== null && (view.changed.state === "done" || view.changed.state === "failed")) {
        settled.push(outcome(view.changed, namesWithin(view.cells, Math.max(20, stream.columns) - 1)));
      }
      if (settled.length > 0 || view.changed !== null || performance.now() - last >= frame) draw(settled);
    },
    say(line) {
      if (latest === null) stream.write(`${line}\n`);
      else draw([line]);
    },
    stop() {
      clearInterval(timer);
      if (greeted) stream.write(clear());
      process.off("exit", showCursor);
      showCursor();
      drawn = 0;
      latest = null;
    },
  };
}

function opening({ cells, skipped, atOnce, notes }: SweepView): string[] {
  const refused = countOf(cells, "refused");
  const parts = [
    `${figure.count(cells.length)} cells, ${atOnce} at once`,
    ...(skipped > 0 ? [`${figure.count(skipped)} were done before`] : []),
    ...(refused > 0 ? [`${figure.count(refused)} refused, listed at the end`] : []),
  ];
  return [parts.join("; "), ...notes.map((note) => `Note: ${note}`)];
}

function outcome(cell: SweepCell, names: number): string {
  const name = shortened(cell.name, names);
  if (cell.state === "failed") return `✗ ${name}  ${cell.error ?? ""}`;
  const { r2, activePerSample, deadFraction, seconds } = cell;
  const figures = [
    `R² ${figure.fixed(r2)}`,
    `L0 ${figure.fixed(activePerSample, 1).padStart(5)}`,
    `dead ${figure.percent(deadFraction).padStart(6)}`,
    duration(seconds ?? 0),
  ];
  return `✓ ${name}  ${figures.join("  ")}`;
}

function live(view: SweepView, width: number): string[] {
  const { cells, running, secondsLeft } = view;
  const names = namesWithin(cells, width);
  const counts = (["done", "running", "waiting", "failed", "refused"] as const).flatMap((state) => {
    const count = countOf(cells, state);
    return count === 0 && state !== "done" ? [] : [`${figure.count(count)} ${state}`];
  });
  const left = secondsLeft === null ? "" : ` · ${duration(secondsLeft)} left`;
  return [
    ...running.map((cell) => runningLine(cell, names)),
    `${bar(share(view))} ${counts.join(" · ")} of ${figure.count(cells.length)}${left}`,
  ];
}

/** Of the work: what runs counts by how far it is. */
function share({ cells, running }: SweepView): number {
  const ended = countOf(cells, "done") + countOf(cells, "failed");
  const all = cells.length - countOf(cells, "refused");
  return (ended + running.reduce((sum, cell) => sum + trained(cell), 0)) / Math.max(1, all);
}

function trained({ report }: RunningCell): number {
  if (report === null) return 0;
  return report.stage === "train" ? report.done / report.total : 1;
}

function runningLine({ name, report, seconds }: RunningCell, names: number): string {
  const what = report === null ? "starts" : report.stage === "train" ? "" : report.stage;
  const { r2, activePerSample } = report?.values ?? {};
  const values = [
    ...(r2 === undefined ? [] : [`R² ${figure.fixed(r2, 3)}`]),
    ...(activePerSample === undefined ? [] : [`L0 ${figure.fixed(activePerSample, 1)}`]),
    ...(what === "" ? [] : [what]),
  ];
  const done = report === null ? 0 : report.done / Math.max(1, report.total);
  const percent = `${Math.floor(100 * done)} %`.padStart(5);
  return `▸ ${shortened(name, names)}  ${bar(done)} ${percent}  ${values.join("  ")}  ${duration(seconds)}`;
}

function bar(part: number): string {
  const full = Math.round(Math.min(1, Math.max(0, part)) * barWidth);
  return "█".repeat(full) + "░".repeat(barWidth - full);
}

/** Columns that the figures beside a name take. */
const figureWidth = 50;

function namesWithin(cells: readonly SweepCell[], width: number): number {
  const longest = Math.max(...cells.map((cell) => cell.name.length));
  return Math.min(longest, Math.max(16, width - figureWidth));
}

/** Names differ at both ends: what does not fit is left out in the middle. */
function shortened(name: string, width: number): string {
  if (name.length <= width) return name.padEnd(width);
  const end = Math.floor(width / 2);
  return `${name.slice(0, width - end - 1)}…${name.slice(-end)}`;
}

function jsonLines(stream: NodeJS.WriteStream): SweepProgress {
  let last = -Infinity;
  return {
    show(view) {
      if (view.changed === null && performance.now() - last < heartbeat) return;
      last = performance.now();
      const { cells, changed, secondsLeft } = view;
      const count = (state: CellState): number => countOf(cells, state);
      const line = {
        stage: "sweep",
        done: count("done"),
        total: cells.length,
        unit: "cells",
        running: count("running"),
        waiting: count("waiting"),
        failed: count("failed"),
        refused: count("refused"),
        secondsLeft: secondsLeft === null ? null : Number(secondsLeft.toFixed(1)),
        cell: changed,
      };
      stream.write(`${JSON.stringify(line)}\n`);
    },
    say: (line) => stream.write(`${line}\n`),
    stop() {},
  };
}
