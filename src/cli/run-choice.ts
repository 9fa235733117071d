/** The options that choose runs of a study: `--learners`, `--concepts`, `--k`, `--seeds`. */
import type { Command } from "commander";
import { badUsage } from "../base/errors.ts";
import type { RunChoice } from "../pipeline/paper/run-experiments.ts";

export interface RunChoiceOptions {
  readonly learners?: readonly string[];
  readonly concepts?: readonly number[];
  readonly k?: readonly number[];
  readonly seeds?: readonly number[];
}

export function withRunChoice(command: Command): Command {
  return command
    .option(
      "--learners <list>",
      "only runs of these, e.g. batch-topk,pca (default: all)",
      names("--learners"),
    )
    .option("--concepts <list>", "only runs with so many concepts", numbers("--concepts"))
    .option(
      "--k <list>",
      "only runs of these sparsities; where all concepts are active on every row, of as many concepts",
      numbers("--k"),
    )
    .option("--seeds <list>", "only runs of these seeds", numbers("--seeds"));
}

export function runChoice({ learners, concepts, k, seeds }: RunChoiceOptions): RunChoice {
  return {
    ...(learners === undefined ? {} : { learners }),
    ...(concepts === undefined ? {} : { concepts }),
    ...(k === undefined ? {} : { k }),
    ...(seeds === undefined ? {} : { seeds }),
  };
}

function names(option: string): (text: string) => readonly string[] {
  return (text) => {
    const list = text.split(",").map((part) => part.trim());
    if (list.every((part) => part !== "")) return list;
    throw badUsage(`${option} is "${text}"; expected names separated by commas`);
  };
}

function numbers(option: string): (text: string) => readonly number[] {
  return (text) => {
    const list = text.split(",").map((part) => (part.trim() === "" ? NaN : Number(part)));
    if (list.every((value) => Number.isFinite(value) && value >= 0)) return list;
    throw badUsage(`${option} is "${text}"; expected numbers separated by commas`);
  };
}
