import type { Command } from "commander";
import { onEngine, wholeNumber, withEngineOptions, type EngineOptions } from "../engine.ts";
import { interruptible } from "../interrupt.ts";
import { print, printJson } from "../output.ts";
import { runChoice, withRunChoice, type RunChoiceOptions } from "../run-choice.ts";
import { watch } from "../terminal.ts";

interface ReportVerbOptions extends EngineOptions, RunChoiceOptions {
  readonly out?: string;
  readonly seed: number;
  readonly png: boolean;
  readonly json?: boolean;
}

export function reportVerb(program: Command): void {
  const command = program
    .command("report")
    .summary("all experiments of a study as one HTML page")
    .description(
      "Measures every experiment that the study's runs can answer and writes one self-contained HTML page: findings, figures, tables, the configuration of every run and how to repeat it.",
    )
    .argument("<study>", "folder of a study")
    .option("--out <file>", "where to write the page (default: <study>/report.html)");
  withRunChoice(command)
    .option("--seed <n>", "seed of samples and random baselines", wholeNumber("--seed"), 0)
    .option("--no-png", "leave out PNG figures beside the experiments' tables")
    .option("--json", "print where the page is and what it holds as JSON and nothing else");
  withEngineOptions(command)
    .addHelpText("after", "\nExample:\n  viaduct report my-study")
    .action(async (study: string, options: ReportVerbOptions) => {
      const { writeReport } = await import("../../pipeline/paper/report.ts");
      const line = watch();
      const { out, seed, png } = options;
      const report = await interruptible((signal) =>
        onEngine(options, (backend) =>
          writeReport(
            { study, choice: runChoice(options), seed, png, ...(out === undefined ? {} : { out }) },
            { backend, progress: line.progress, signal },
          ),
        ),
      ).finally(() => line.stop());
      if (options.json) printJson(report);
      else {
        print(
          [
            `${report.measured.length} experiments on ${report.dictionaries.length} dictionaries: ${report.measured.join(", ")}`,
            ...report.left.map(({ experiment, lacks }) => `left out ${experiment}: ${lacks}`),
            "",
            `Written to ${report.path}`,
          ].join("\n"),
        );
      }
    });
}
