/** The options that choose which rows of the set a run learns from. */
import type { Command } from "commander";
import type { DietSpec } from "../pipeline/diet/diet.ts";

export interface DietOptions {
  readonly mixture?: string;
  readonly rows?: string;
  readonly where?: string[];
  readonly share?: string;
  readonly files?: string;
  readonly drawSeed?: string;
}

export function withDietOptions(command: Command): Command {
  return command
    .option(
      "--mixture <image:text>",
      "draw rows at this ratio of image to text, e.g. 75:25 (default: all rows)",
    )
    .option("--rows <total>", "how many rows to draw in all (default: the most there are)")
    .option(
      "--where <column=value>",
      "only rows whose item has this value: source=met, source=met,coco or source!=met; may be repeated, then all hold",
      (condition: string, before: readonly string[] | undefined) => [...(before ?? []), condition],
    )
    .option("--share <share>", "a random share of the rows of each modality, e.g. 0.5")
    .option("--files <list>", "only the images that a file names, one a line, and their texts")
    .option("--draw-seed <n>", "seed of what --mixture, --rows and --share draw (default: 0)");
}

/** Takes the diet out of a verb's options. */
export function dietFrom<Options extends DietOptions>(
  options: Options,
): { diet: DietSpec; rest: Omit<Options, keyof DietOptions> } {
  const { mixture, rows, where, share, files, drawSeed, ...rest } = options;
  const diet = { mixture, rows, where, share, files, drawSeed };
  return {
    diet: Object.fromEntries(Object.entries(diet).filter(([, value]) => value !== undefined)),
    rest,
  };
}
