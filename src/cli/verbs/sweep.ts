import { freemem } from "node:os";
import { Command } from "commander";
import { ViaductError } from "../../base/errors.ts";
import { defaultThreads } from "../../platform/node/cpu-backend.ts";
import type { SweepResult } from "../../pipeline/sweep/sweep.ts";
import type { SweepCell } from "../../protocol/sweep.ts";
import { dietFrom, type DietOptions } from "../diet-options.ts";
import { wholeNumber, withEngineOptions, type EngineOptions } from "../engine.ts";
import { interruptible } from "../interrupt.ts";
import { learnerNames } from "../learner-names.ts";
import { figure, print, printJson, table } from "../output.ts";
import { countOf, sweepProgress } from "../sweep-progress.ts";
import { duration } from "../terminal.ts";
import { inOptionsOf, trainVerb } from "./train.ts";

interface SweepOptions extends EngineOptions, DietOptions {
  readonly out: string;
  readonly learners: string;
  readonly concepts?: string;
  readonly k?: string;
  readonly seeds: string;
  readonly mixtures?: string;
  readonly analyze?: boolean;
  readonly atOnce?: number;
  readonly json?: boolean;
  readonly debug?: boolean;
}

/** Of `train`: what the grid has instead, what belongs to a single run, and what every verb adds. */
const notInherited = new Set(
  "out learner concepts k targetL0 seed mixture name resume json threads product".split(" "),
);

export function sweepVerb(program: Command): void {
  const command = program
    .command("sweep")
    .summary("learn a whole grid of dictionaries")
    .description(
      "Trains every learner at every size, sparsity, seed and mixture, several at once. Finished cells are skipped and stopped ones continued, so that the same command goes on after any interruption; a failed cell stops no other. Further options of train apply to the learners that have them.",
    )
    .argument("<set>", "folder of an embedding set (from viaduct import)")
    .requiredOption("--out <study>", "folder of the study; made when absent")
    .option("--learners <names>", `some of ${learnerNames.join(", ")}`, "batch-topk")
    .option("--concepts <numbers>", "numbers of concepts, e.g. 1024,4096 (default: each learner's)")
    .option(
      "--k <numbers>",
      "active concepts per sample, e.g. 8,16,32; learners without k are steered to it, or have as many concepts (default: each learner's)",
    )
    .option("--seeds <numbers>", "seeds of everything random", "0")
    .option(
      "--mixtures <ratios>",
      "image:text ratios of the rows, e.g. 100:0,50:50,0:100; all of one total (default: all rows)",
    )
    .option("--analyze", "analyse each dictionary as well")
    .option(
      "--at-once <n>",
      "cells at once, each in a process of its own (default: one a thread, as memory allows)",
      wholeNumber("--at-once", 1),
    )
    .option("--json", "print the state of every cell as JSON and nothing else");
  for (const option of optionsOfTrain()) command.addOption(option);
  withEngineOptions(command)
    .addHelpText(
      "after",
      "\nExample:\n  viaduct sweep my-set --learners batch-topk,topk --concepts 1024 --k 8,16 --seeds 0,1,2 --out my-study",
    )
    .action(async (set: string, options: SweepOptions & Readonly<Record<string, unknown>>) => {
      const { out, learners, concepts, k, seeds, mixtures, analyze, atOnce, ...others } = options;
      const { json, debug: _debug, threads, product, ...training } = others;
      const { diet, rest } = dietFrom(training);
      const { sweepStudy } = await import("../../pipeline/sweep/sweep.ts");
      const progress = sweepProgress();
      const spec = {
        set,
        study: out,
        learners: learners.split(","),
        concepts: concepts?.split(",") ?? [],
        k: k?.split(",") ?? [],
        seeds: seeds.split(","),
        mixtures: mixtures?.split(",") ?? [],
        diet,
        options: rest,
        analyze: analyze ?? false,
        threads: threads ?? defaultThreads(),
        product,
        ...(atOnce === undefined ? {} : { atOnce }),
      };
      const effects = {
        freeMemory: freemem(),
        now: () => performance.now(),
        report: (view: Parameters<typeof progress.show>[0]) => progress.show(view),
      };
      const result = await interruptible(
        (signal) => sweepStudy(spec, { ...effects, signal }),
        (line) => progress.say(line),
      )
        .finally(() => progress.stop())
        .catch((error: unknown) => {
          throw told(command, error);
        });
      if (json) printJson(result);
      else print(sweepReport(result, out, spec.analyze));
      if (countOf(result.cells, "failed") > 0) process.exitCode = 1;
    });
}

/** The options of training, as `train` declares them. */
function optionsOfTrain(): Command["options"] {
  const scratch = new Command();
  trainVerb(scratch);
  const options = scratch.commands[0]?.options ?? [];
  return options.filter((option) => !notInherited.has(option.attributeName()));
}

function told(command: Command, error: unknown): unknown {
  if (!(error instanceof ViaductError) || error.code !== "cancelled") return inOptionsOf(command, error);
  const message = `${error.message}; the same command goes on from there`;
  return new ViaductError("cancelled", message, { cause: error });
}

function sweepReport(result: SweepResult, out: string, analysed: boolean): string {
  const { cells, skipped, atOnce, notes, seconds } = result;
  const before = skipped === 0 ? "" : ` (${figure.count(skipped)} of them before)`;
  const count = (state: SweepCell["state"]): string => figure.count(countOf(cells, state));
  const lines = [
    `${count("done")} of ${figure.count(cells.length)} cells done${before}, ${count("failed")} failed, ${count("refused")} refused, in ${duration(seconds)}, ${atOnce} at once`,
  ];
  if (countOf(cells, "done") > 0) lines.push("", gridTable(cells));
  for (const state of ["failed", "refused"] as const) {
    const named = cells.filter((cell) => cell.state === state);
    if (named.length === 0) continue;
    lines.push("", state === "failed" ? "Failed:" : "Refused:");
    lines.push(...named.map(({ name, error }) => `  ${name}: ${error ?? ""}`));
  }
  if (notes.length > 0) lines.push("", ...notes.map((note) => `Note: ${note}`));
  lines.push("", `Written to ${result.study}`);
  if (countOf(cells, "failed") > 0) lines.push("The same command tries the failed cells again.");
  else lines.push(`Next: viaduct ${analysed ? "compare" : "analyze"} ${out}`);
  return lines.join("\n");
}

/** A line for each learner, size, sparsity and mixture: means over its seeds. */
function gridTable(cells: readonly SweepCell[]): string {
  const groups = new Map<string, SweepCell[]>();
  for (const cell of cells) {
    if (cell.state !== "done") continue;
    const key = JSON.stringify([cell.learner, cell.concepts, cell.k, cell.mixture]);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [cell]);
    else group.push(cell);
  }
  const mean = (group: readonly SweepCell[], value: (cell: SweepCell) => number | null): number =>
    group.reduce((sum, cell) => sum + (value(cell) ?? NaN), 0) / group.length;
  return table(
    ["learner", "concepts", "k", "mixture", "seeds", "R²", "L0", "dead"],
    [...groups.values()].map((group) => {
      const [first] = group;
      return [
        first?.learner ?? "",
        first?.concepts ?? null,
        first?.k ?? null,
        first?.mixture ?? null,
        group.length,
        figure.fixed(mean(group, (cell) => cell.r2)),
        figure.fixed(
          mean(group, (cell) => cell.activePerSample),
          2,
        ),
        figure.percent(mean(group, (cell) => cell.deadFraction)),
      ];
    }),
  );
}
