import { Option, type Command } from "commander";
import type { ActivationComparison } from "../../pipeline/compare-activations.ts";
import type { CompareBy, Comparison, DirectionComparison } from "../../pipeline/compare.ts";
import { onEngine, withEngineOptions, type EngineOptions } from "../engine.ts";
import { figure, print, printJson, table } from "../output.ts";
import { watch } from "../terminal.ts";

interface CompareVerbOptions extends EngineOptions {
  readonly by: CompareBy;
  readonly keep: boolean;
  readonly json?: boolean;
}

export function compareVerb(program: Command): void {
  const command = program
    .command("compare")
    .summary("how far dictionaries learned the same concepts")
    .description(
      "Matches the concepts of every two dictionaries one to one and gives the mean cosine (stability), beside the same before training and against random directions. Dictionaries of different models are compared through the items that their sets share: by the correlation of activations, beside the same with items permuted.",
    )
    .argument("<place...>", "studies (all their dictionaries) or <study>/dictionaries/<name> folders")
    .addOption(
      new Option(
        "--by <what>",
        "directions, activations on shared items, or auto: directions where the model is one",
      )
        .choices(["auto", "directions", "activations"])
        .default("auto"),
    )
    .option("--no-keep", "do not write the matches of dictionaries of one study into it for the explorer")
    .option("--json", "print every comparison with its curve and matches as JSON and nothing else");
  withEngineOptions(command)
    .addHelpText("after", "\nExample:\n  viaduct compare my-study")
    .action(async (places: string[], options: CompareVerbOptions) => {
      const { compareDictionaries } = await import("../../pipeline/compare.ts");
      const line = watch();
      const pairs = await onEngine(options, (backend) =>
        compareDictionaries(places, { backend, progress: line.progress }, options.by, options.keep),
      ).finally(() => line.stop());
      if (options.json) printJson({ ...headline(pairs), pairs });
      else print(comparisonTable(pairs));
    });
}

/** With one comparison its figures also stand at the top. */
function headline(pairs: readonly Comparison[]): object {
  const [only] = pairs;
  if (only === undefined || pairs.length > 1) return {};
  const { matches: _matches, curve: _curve, a: _a, b: _b, matched: _matched, ...figures } = only;
  return figures;
}

function comparisonTable(pairs: readonly Comparison[]): string {
  const lines: string[] = [];
  const directions = pairs.filter((pair) => pair.by === "directions");
  if (directions.length > 0) lines.push(...directionLines(directions));
  const activations = pairs.filter((pair) => pair.by === "activations");
  if (activations.length > 0) {
    if (lines.length > 0) lines.push("");
    lines.push(...activationLines(activations));
  }
  for (const pair of pairs.length === 1 ? pairs : []) {
    const what = pair.by === "directions" ? "cosine" : "correlation";
    lines.push("", `most energetic concepts of a and their mean matched ${what}:`);
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

function directionLines(pairs: readonly DirectionComparison[]): string[] {
  return [
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
}

function activationLines(pairs: readonly ActivationComparison[]): string[] {
  return [
    table(
      ["a", "b", "images", "texts", "matched", "stability", "by energy", "permuted"],
      pairs.map((pair) => [
        pair.a,
        pair.b,
        figure.count(pair.shared.image),
        figure.count(pair.shared.text),
        figure.count(pair.matched),
        figure.fixed(pair.stability),
        figure.fixed(pair.energyWeightedStability),
        figure.fixed(pair.stabilityPermuted),
      ]),
    ),
    "",
    "stability: mean correlation of the activations of concepts matched one to one, on the images",
    "(by file) and texts (by caption) that both sets have; by energy: weighted by a's energy;",
    "permuted: the same with b's items permuted.",
  ];
}
