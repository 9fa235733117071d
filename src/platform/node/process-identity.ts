/**
 * Which process a number means: numbers are used again, and in a restarted container by the same
 * programs, so that the moment a process began belongs to it. Linux tells it in /proc/<pid>/stat;
 * elsewhere the number has to do.
 */
import { readFileSync } from "node:fs";

export interface ProcessIdentity {
  readonly pid: number;
  /** Clock ticks from the machine's start to the process's; null where the system does not tell. */
  readonly begun: string | null;
}

export function thisProcess(): ProcessIdentity {
  return { pid: process.pid, begun: statOf(process.pid)?.begun ?? null };
}

/** Whether it still runs. One that has ended counts as dead even before its parent has taken note. */
export function isRunning({ pid, begun }: ProcessIdentity): boolean {
  const stat = statOf(pid);
  if (stat !== null) return !/[ZX]/.test(stat.state) && (begun === null || begun === stat.begun);
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== "ESRCH";
  }
}

/** "1 (name) S ppid …": the state is field 3, the start field 22. The name may hold anything. */
function statOf(pid: number): { readonly state: string; readonly begun: string } | null {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, "utf8");
    const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
    const [state, begun] = [fields[0], fields[19]];
    return state === undefined || begun === undefined ? null : { state, begun };
  } catch {
    return null;
  }
}
