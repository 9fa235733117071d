/** What a person or a program sees while work runs: one live line on a terminal, JSON lines elsewhere. */
import { Presets, SingleBar } from "cli-progress";
import type { Progress, ProgressReport } from "../base/progress.ts";

export interface Watch {
  readonly progress: Progress;
  /** Ends the live line. */
  stop(): void;
}

/** Seconds between two JSON lines of one stage. */
const interval = 1;

export function watch(stream: NodeJS.WriteStream = process.stderr): Watch {
  return stream.isTTY ? liveLine(stream) : jsonLines(stream);
}

function liveLine(stream: NodeJS.WriteStream): Watch {
  let bar: SingleBar | undefined;
  let stage = "";
  let start: Start = { at: 0, done: 0 };
  return {
    progress(report) {
      if (bar === undefined || report.stage !== stage) {
        bar?.stop();
        ({ stage } = report);
        start = { at: performance.now(), done: report.done };
        bar = new SingleBar(
          {
            format: "{stage} {bar} {percentage} % · {amount} · {rate}/s · {left} left{values}",
            stream,
            hideCursor: true,
            clearOnComplete: true,
            barsize: 20,
            fps: 8,
            linewrap: false,
          },
          Presets.shades_classic,
        );
        bar.start(report.total, report.done, {
          stage,
          amount: amount(report),
          rate: "–",
          left: "–",
          values: "",
        });
      }
      const { rate, left } = pace(report, start);
      bar.setTotal(report.total);
      bar.update(report.done, {
        stage,
        amount: amount(report),
        rate: rate === null ? "–" : report.unit === "bytes" ? bytes(rate) : compact(rate),
        left: left === null ? "–" : duration(left),
        values: Object.entries(report.values ?? {})
          .filter(([, value]) => Number.isFinite(value))
          .map(([name, value]) => ` · ${label(name, value)}`)
          .join(""),
      });
    },
    stop() {
      bar?.stop();
      bar = undefined;
    },
  };
}

function jsonLines(stream: NodeJS.WriteStream): Watch {
  let stage = "";
  let start: Start = { at: 0, done: 0 };
  let last = -Infinity;
  return {
    progress(report) {
      const now = performance.now();
      if (report.stage !== stage) {
        ({ stage } = report);
        start = { at: now, done: report.done };
        last = -Infinity;
      }
      if (now - last < interval * 1000 && report.done < report.total) return;
      last = now;
      const { rate, left } = pace(report, start);
      stream.write(`${JSON.stringify({ ...report, perSecond: rate, secondsLeft: left })}\n`);
    },
    stop() {},
  };
}

/** When the first report of a stage came, in milliseconds, and what was done by then: a resumed run has a lot. */
interface Start {
  readonly at: number;
  readonly done: number;
}

function pace({ done, total }: ProgressReport, start: Start): { rate: number | null; left: number | null } {
  const seconds = (performance.now() - start.at) / 1000;
  if (done <= start.done || seconds < 0.2) return { rate: null, left: null };
  const rate = (done - start.done) / seconds;
  return { rate: Number(rate.toPrecision(4)), left: Number(((total - done) / rate).toFixed(1)) };
}

/** How watched values are called on the live line. */
const labels: Readonly<Record<string, (value: number) => string>> = {
  r2: (value) => `R² ${value.toFixed(3)}`,
  activePerSample: (value) => `L0 ${value.toFixed(1)}`,
  deadFraction: (value) => `dead ${(100 * value).toFixed(1)} %`,
};

function label(name: string, value: number): string {
  return labels[name]?.(value) ?? `${name} ${compact(value)}`;
}

function amount({ done, total, unit }: ProgressReport): string {
  return unit === "bytes" ? `${bytes(done)} of ${bytes(total)}` : `${done}/${total} ${unit}`;
}

/** In units of 1000, as downloads are counted. */
export function bytes(count: number): string {
  if (count < 1e5) return `${(count / 1e3).toFixed(1)} kB`;
  if (count < 1e9) return `${(count / 1e6).toFixed(count < 1e7 ? 1 : 0)} MB`;
  return `${(count / 1e9).toFixed(2)} GB`;
}

function compact(value: number): string {
  return value >= 1000 ? Math.round(value).toLocaleString("en-US") : String(Number(value.toPrecision(3)));
}

export function duration(seconds: number): string {
  const whole = Math.round(seconds);
  if (seconds < 9.95) return `${seconds.toFixed(1)} s`;
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  return `${Math.floor(whole / 3600)} h ${Math.floor((whole % 3600) / 60)} min`;
}
