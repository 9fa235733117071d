/** What a study already holds of a cell. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { badInput } from "../../base/errors.ts";
import { readJson } from "../../platform/node/files/read-json.ts";
import { studyLayout } from "../../protocol/study-layout.ts";
import { runRecord, type DietRecord, type RunRecord } from "../../protocol/study.ts";
import { withoutPath } from "../train.ts";
import type { PlannedCell } from "./grid.ts";

/** The record of the cell's finished dictionary; null where there is none. */
export async function finishedRun(study: string, cell: PlannedCell): Promise<RunRecord | null> {
  const layout = studyLayout.dictionary(cell.name);
  if (!existsSync(join(study, layout.manifest))) return null;
  const run = await readJson(join(study, layout.run), (value, name) => {
    const parsed = runRecord.safeParse(value);
    if (parsed.success) return parsed.data;
    throw badInput(`${name} is no record of a run; remove ${layout.root} to train it anew`);
  });
  requireSame(study, cell, run);
  return run;
}

export function isAnalysed(study: string, name: string): boolean {
  return existsSync(join(study, studyLayout.dictionary(name).analysis.manifest));
}

function requireSame(study: string, cell: PlannedCell, run: RunRecord): void {
  const values = (config: object, diet: DietRecord | null): Map<string, string | undefined> =>
    new Map(
      Object.entries({ ...config, diet: diet && withoutPath(diet), checkpointEvery: 0 }).map(
        ([name, value]) => [name, JSON.stringify(value)],
      ),
    );
  const was = values({ ...run.config, learner: run.learner }, run.diet);
  const is = values({ ...cell.run?.config, learner: cell.learner }, cell.run?.diet ?? null);
  // A vocabulary decides how many there are; the record has the number that was found.
  if (is.get("concepts") === "null") is.set("concepts", was.get("concepts"));
  for (const name of new Set([...was.keys(), ...is.keys()])) {
    if (was.get(name) === is.get(name)) continue;
    throw badInput(
      `${study} has a dictionary of this name with ${name} ${was.get(name) ?? "absent"}, this sweep asks for ${is.get(name) ?? "none"}; sweep into another study, or remove the dictionary`,
    );
  }
}
