import type { Command } from "commander";
import { interruptible } from "../interrupt.ts";
import { print, printJson } from "../output.ts";
import { watch } from "../terminal.ts";

interface JoinVerbOptions {
  readonly out: string;
  readonly model?: string;
  readonly force?: boolean;
  readonly json?: boolean;
}

export function joinVerb(program: Command): void {
  program
    .command("join")
    .summary("make one embedding set of several of one model")
    .description(
      "Puts the rows of embedding sets of one model after each other, with their items and pairs. A column set says where each row came from.",
    )
    .argument("<set...>", "folders of embedding sets, in the order of their rows")
    .requiredOption("--out <set>", "folder of the joined set")
    .option("--model <name>", "the model of those sets that name none")
    .option("--force", "replace an embedding set at --out that holds nothing else")
    .option("--json", "print the report as JSON and nothing else")
    .addHelpText("after", "\nExample:\n  viaduct join flickr-set coco-set --out my-set")
    .action(async (sets: string[], { json, ...options }: JoinVerbOptions) => {
      const { joinSets } = await import("../../pipeline/join/join.ts");
      const { renderImportReport } = await import("../../pipeline/import.ts");
      const line = watch();
      const { path, manifest, report, notes } = await interruptible((signal) =>
        joinSets({ ...options, sets }, { progress: line.progress, signal }),
      ).finally(() => line.stop());
      if (json) {
        const { dataHash, dimension } = manifest;
        printJson({ path, dataHash, dimension, ...report, notes });
        return;
      }
      const lines = [renderImportReport(manifest), "", ...notes.map((note) => `Note: ${note}`)];
      lines.push(`Written to ${path}`, `Next: viaduct train ${options.out} --out <study>`);
      print(lines.join("\n"));
    });
}
