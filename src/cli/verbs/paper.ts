import type { Command } from "commander";
import { onEngine, wholeNumber, withEngineOptions, type EngineOptions } from "../engine.ts";
import { interruptible } from "../interrupt.ts";
import { print, printJson } from "../output.ts";
import { runChoice, withRunChoice, type RunChoiceOptions } from "../run-choice.ts";
import { watch } from "../terminal.ts";

interface PaperVerbOptions extends EngineOptions, RunChoiceOptions {
  readonly seed: number;
  readonly png: boolean;
  readonly json?: boolean;
}

export function paperVerb(program: Command): void {
  const command = program
    .command("paper")
    .summary("repeat an experiment of arXiv 2504.11695 on a study")
    .description(
      "Measures one of the paper's experiments on the runs of a study and writes table (Parquet, CSV), figure (SVG, PNG) and finding to <study>/paper/<experiment>. Experiments: pareto, energy, stability-seeds, stability-mixtures, modality, geometry, bridges, gap; all: every one that the runs can answer.",
    )
    .argument("<experiment>", "name of the experiment, or all")
    .argument("<study>", "folder of a study");
  withRunChoice(command)
    .option("--seed <n>", "seed of samples and random baselines", wholeNumber("--seed"), 0)
    .option("--no-png", "leave out PNG figures, which need optional packages")
    .option("--json", "print what was found as JSON and nothing else");
  withEngineOptions(command)
    .addHelpText("after", "\nExample:\n  viaduct paper pareto my-study")
    .action(async (name: string, study: string, options: PaperVerbOptions) => {
      const { runExperiments } = await import("../../pipeline/paper/run-experiments.ts");
      const { experimentNamed, experiments } = await import("../../pipeline/paper/experiments.ts");
      const chosen = name === "all" ? experiments : [experimentNamed(name)];
      const line = watch();
      const { seed, png } = options;
      const measured = await interruptible((signal) =>
        onEngine(options, (backend) =>
          runExperiments(
            { study, experiments: chosen, choice: runChoice(options), seed, png },
            { backend, progress: line.progress, signal },
          ),
        ),
      ).finally(() => line.stop());
      if (options.json) {
        printJson({
          experiments: measured.map(({ experiment, finding, lacks, folder }) => ({
            experiment: experiment.name,
            title: experiment.title,
            folder: finding === null ? null : folder,
            lacks,
            sentences: finding?.sentences ?? null,
            runs: finding?.runs ?? null,
            rows: finding?.rows ?? null,
          })),
        });
        return;
      }
      const parts = measured.map(({ experiment, finding, lacks, folder }) =>
        finding === null
          ? `${experiment.title}: not measured, ${lacks}`
          : `${experiment.title}\n\n${finding.sentences.join("\n")}\nRests on ${finding.runs} ${finding.runs === 1 ? "run" : "runs"}.\n\nWritten to ${folder}`,
      );
      print(`${parts.join("\n\n\n")}\n\nNext: viaduct report ${study}`);
    });
}
