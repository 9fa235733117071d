/**
 * What a run has logged so far, a line of JSON for each moment: written while it trains, so that readers
 * of the study can follow it, and gone when history.parquet holds the same.
 */
import { appendFileSync, writeFileSync } from "node:fs";
import { rm } from "node:fs/promises";
import type { HistoryRow } from "../learners/learner.ts";

export interface TrainingLog {
  add(row: HistoryRow): void;
  remove(): Promise<void>;
}

/** Begins with what a resumed run had logged before. */
export function openTrainingLog(path: string, before: readonly HistoryRow[]): TrainingLog {
  writeFileSync(path, before.map(line).join(""));
  return {
    add: (row) => appendFileSync(path, line(row)),
    remove: () => rm(path, { force: true }),
  };
}

/** NaN and infinities, which JSON has no words for, are left out. */
function line(row: HistoryRow): string {
  const known = Object.entries(row).filter(([, value]) => Number.isFinite(value));
  return `${JSON.stringify(Object.fromEntries(known))}\n`;
}
