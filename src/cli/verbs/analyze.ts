import type { Command } from "commander";
import { onEngine, wholeNumber, withEngineOptions, type EngineOptions } from "../engine.ts";
import { figure, print, printJson, table } from "../output.ts";
import { duration, watch } from "../terminal.ts";

interface AnalyzeVerbOptions extends EngineOptions {
  readonly dictionary?: string;
  readonly seed: number;
  readonly vocabulary?: string;
  readonly json?: boolean;
}

export function analyzeVerb(program: Command): void {
  const command = program
    .command("analyze")
    .summary("measure a study's dictionaries")
    .description(
      "Measures reconstruction, concepts, modality, bridges with both nulls and geometry, picks examples and words, and lays out the concept map. The result lies beside each dictionary, in analysis/.",
    )
    .argument("<study>", "folder of a study")
    .option("--dictionary <name>", "only this one (default: all)")
    .option("--seed <n>", "seed of samples, shuffles and the map", wholeNumber("--seed"), 0)
    .option(
      "--vocabulary <file>",
      "embedding set, or matrix file with a .txt of names beside it: words to hold against the concepts' directions (default: the captions' words)",
    )
    .option("--json", "print the metrics as JSON and nothing else");
  withEngineOptions(command)
    .addHelpText("after", "\nExample:\n  viaduct analyze my-study")
    .action(async (study: string, options: AnalyzeVerbOptions) => {
      const { analyzeStudy } = await import("../../pipeline/analyze.ts");
      const line = watch();
      const started = performance.now();
      const { dictionary, seed, vocabulary } = options;
      const result = await onEngine(options, (backend) =>
        analyzeStudy(
          {
            study,
            seed,
            ...(dictionary === undefined ? {} : { dictionary }),
            ...(vocabulary === undefined ? {} : { vocabulary }),
          },
          { backend, progress: line.progress },
        ),
      ).finally(() => line.stop());
      if (options.json) printJson(result);
      else {
        const took = duration((performance.now() - started) / 1000);
        print(`${analysisTable(result.dictionaries)}\n\nMeasured in ${took}\nNext: viaduct explore ${study}`);
      }
    });
}

/** A line for each dictionary: what it reconstructs, how sparsely, and its bridges. */
export function analysisTable(dictionaries: readonly Readonly<Record<string, unknown>>[]): string {
  const number = (value: unknown): number | null => (typeof value === "number" ? value : null);
  const inner = (value: unknown, key: string): unknown =>
    typeof value === "object" && value !== null ? (value as Record<string, unknown>)[key] : undefined;
  return table(
    [
      "dictionary",
      "concepts",
      "R²",
      "R² images",
      "R² texts",
      "L0",
      "dead",
      "Σ bridges",
      "significant bridges",
    ],
    dictionaries.map((metrics) => [
      String(metrics["name"]),
      figure.count(number(metrics["concepts"]) ?? 0),
      figure.fixed(number(metrics["r2"])),
      figure.fixed(number(inner(metrics["image"], "r2"))),
      figure.fixed(number(inner(metrics["text"], "r2"))),
      figure.fixed(number(metrics["activePerSample"]), 2),
      figure.percent(number(metrics["deadFraction"])),
      figure.fixed(number(metrics["bridgeSum"])),
      figure.count(number(inner(metrics["bridges"], "significant")) ?? 0),
    ]),
  );
}
