/** A run in training as readers of its study see it. */
import { existsSync, readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { createReferenceBackend } from "../../src/kernels/reference/backend.ts";
import type { HistoryRow } from "../../src/learners/learner.ts";
import { openStudyFolder, summarizeStudy } from "../../src/pipeline/study-summary.ts";
import { trainStudy } from "../../src/pipeline/train.ts";
import { takeLock } from "../../src/platform/node/files/lock-file.ts";
import { studyLayout } from "../../src/protocol/study-layout.ts";
import { importRows, scratch } from "./folders.ts";

const at = scratch();
const backend = createReferenceBackend();
const log = "dictionaries/run/log.jsonl";

async function stopOrEnd(resume: boolean, stopAfter: number): Promise<HistoryRow[]> {
  const rows: HistoryRow[] = [];
  const stop = new AbortController();
  await trainStudy(
    {
      set: at("set"),
      study: at("study"),
      learner: "batch-topk",
      options: { concepts: 16, k: 2, epochs: 4, batch: 16 },
      name: "run",
      resume,
    },
    {
      backend,
      now: () => 0,
      signal: stop.signal,
      log(row) {
        rows.push(row);
        if (rows.length === stopAfter) stop.abort();
      },
      progress() {
        if (rows.length === 0) return;
        const lines = readFileSync(at("study", log), "utf8").trimEnd().split("\n");
        const last = JSON.parse(lines.at(-1)) as HistoryRow;
        expect(last["step"]).toBe(rows.at(-1)["step"]);
      },
    },
  ).catch((error: unknown) => {
    if (!stop.signal.aborted) throw error;
  });
  return rows;
}

it("logs while it trains, goes on where it was stopped, and leaves the history alone in the end", async () => {
  const random = (rows: number): Float32Array =>
    Float32Array.from({ length: rows * 8 }, (_, i) => Math.sin(i * i));
  await importRows(at("set"), { dimension: 8, image: random(96), text: random(96), pairedRows: true });
  const summary = async () => summarizeStudy(await openStudyFolder(at("study")));
  const before = await stopOrEnd(false, 3);
  // Stopped: nobody trains, though its log is there.
  expect(existsSync(at("study", log))).toBe(true);
  expect(await summary()).toMatchObject({ training: [], dictionaries: [] });

  // Somebody goes on with it.
  const lock = takeLock(at("study", studyLayout.dictionary("run").lock), () => new Error("taken"));
  expect((await summary()).training).toEqual([{ name: "run", log }]);
  lock.release();
  const after = await stopOrEnd(true, Infinity);
  expect(before.length + after.length).toBeGreaterThan(4);
  expect(existsSync(at("study", log))).toBe(false);
  expect(await summary()).toMatchObject({ training: [], dictionaries: [{ name: "run" }] });
});
