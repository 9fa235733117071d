/** The sweep's side of the processes that train its cells. */
import { fork, type ChildProcess } from "node:child_process";
import { fileURLToPath } from "node:url";
import { ViaductError } from "../../base/errors.ts";
import type { ProgressReport } from "../../base/progress.ts";
import type { CellTask, FromCell, ToCell } from "./cell-messages.ts";

export interface CellProcess {
  /** Ends when the cell is done; throws what it failed with. */
  run(task: CellTask, progress: (report: ProgressReport) => void): Promise<void>;
  /** Asks the running cell to leave a checkpoint and end. */
  stop(): void;
  close(): Promise<void>;
}

/** Source runs as .ts in a checkout and as .js once built. */
const workerFile = fileURLToPath(
  new URL(import.meta.url.endsWith(".ts") ? "./cell-worker.ts" : "./cell-worker.js", import.meta.url),
);

/** Characters of a dying process's last words that are kept. */
const lastWords = 2000;

/** Processes start with their first cell, and again after one has died. */
export function cellProcess(): CellProcess {
  let child: ChildProcess | null = null;
  let said = "";

  function start(): ChildProcess {
    said = "";
    const begun = fork(workerFile, { execArgv: [], stdio: ["ignore", "ignore", "pipe", "ipc"] });
    begun.stderr?.setEncoding("utf8").on("data", (text: string) => {
      said = (said + text).slice(-lastWords);
    });
    begun.once("exit", () => {
      if (child === begun) child = null;
    });
    return begun;
  }
  const tell = (to: ChildProcess, message: ToCell): void => {
    // A process that has just died is reported by its exit.
    to.send(message, () => {});
  };

  return {
    run(task, progress) {
      const worker = (child ??= start());
      return new Promise((resolve, reject) => {
        const listen = (message: FromCell): void => {
          if (message.kind === "progress") progress(message.report);
          else if (message.kind === "done") settle(resolve);
          else settle(() => reject(failure(message)));
        };
        const died = (code: number | null, signal: NodeJS.Signals | null): void => {
          settle(() => reject(new Error(howItDied(code, signal, said))));
        };
        const broke = (error: Error): void => settle(() => reject(error));
        function settle(end: () => void): void {
          worker.off("message", listen).off("close", died).off("error", broke);
          end();
        }
        worker.on("message", listen).on("close", died).on("error", broke);
        tell(worker, { kind: "run", task });
      });
    },
    stop() {
      if (child !== null) tell(child, { kind: "stop" });
    },
    async close() {
      const ending = child;
      if (ending === null) return;
      child = null;
      const ended = new Promise<void>((resolve) => ending.once("exit", () => resolve()));
      ending.disconnect();
      await ended;
    },
  };
}

function failure({ code, message }: Extract<FromCell, { kind: "failed" }>): Error {
  return code === null ? new Error(message) : new ViaductError(code, message);
}

function howItDied(code: number | null, signal: NodeJS.Signals | null, said: string): string {
  const how = signal === null ? `exit status ${code}` : signal;
  const why = signal === "SIGKILL" ? ", as when memory is short: try fewer at once" : "";
  const words = said.split("\n").filter((line) => /\w/.test(line) && !/^\s+at /.test(line));
  const error = words.find((line) => /error/i.test(line)) ?? words.at(-1);
  return `its process ended with ${how}${why}${error === undefined ? "" : ` (${error.trim()})`}`;
}
