import type { Command } from "commander";
import type { Comparison } from "../../pipeline/compare.ts";
import { onEngine, withEngineOptions, type EngineOptions } from "../engine.ts";
import { figure, print, printJson, table } from "../output.ts";
import { watch } from "../terminal.ts";

interface CompareVerbOptions extends EngineOptions {
  readonly json?: boolean;
}

export function compareVerb(program: Command): void {
  const command = program
    .command("compare")
    .summary("how far dictionaries learned the same concepts")
    .description(
      "Matches the concepts of every two dictionaries one to one and gives the mean cosine (stability), beside the same before training and against random directions.",
    )
    .argument("<place...>", "studies (all their dictionaries) or <study>/dictionaries/<name> folders")
    .option("--json", "print every comparison with its curve and matches as JSON and nothing else");
  withEngineOptions(command)
    .addHelpText("after", "\nExample:\n  viaduct compare my-study")
    .action(async (places: string[], options: CompareVerbOptions) => {
      const { compareDictionaries } = await import("../../pipeline/compare.ts");
      const line = watch();
      const pairs = await onEngine(options, (backend) =>
        compareDictionaries(places, { backend, progress: line.progress }),
      ).finally(() => line.stop());
      if (options.json) printJson({ ...headline(pairs), pairs });
      else print(comparisonTable(pairs));
    });
}

/** With one comparison its figures also stand at the top. */
function headline(pairs: readonly Comparison[]): object {
  const [only] = pairs;
  if (only === undefined || pairs.length > 1) return {};
  const { stability, stabilityAtInit, stabilityRandom, energyWeightedStability } = only;
  return { stability, stabilityAtInit, stabilityRandom, energyWeightedStability };
}

function comparisonTable(pairs: readonly Comparison[]): string {
  const lines = [
    table(
      ["a", "b", "matched", "stability", "by energy", "at start", "random"],
      pairs.map((pair) => [
        pair.a,
        pair.b,
        figure.count(pair.matched),
        figure.fixed(pair.stability),
        figure.fixed(pair.energyWeightedStability),
        figure.fixed(pair.stabilityAtInit),
        figure.fixed(pair.stabilityRandom),
      ]),
    ),
    "",
    "stability: mean cosine of concepts matched one to one; by energy: weighted by a's energy;",
    "at start: the same two before training; random: a against random directions.",
  ];
  for (const pair of pairs.length === 1 ? pairs : []) {
    lines.push("", "most energetic concepts of a and their mean matched cosine:");
    const shown = pair.curve.filter((_, i) => i % 8 === 0 || i === pair.curve.length - 1);
    lines.push(
      table(
        ["concepts", "stability"],
        shown.map((point) => [figure.count(point.concepts), figure.fixed(point.stability)]),
      ),
    );
  }
  return lines.join("\n");
}
