import type { Command } from "commander";
import { onEngine, port, wholeNumber, withEngineOptions, type EngineOptions } from "../engine.ts";
import { figure, print, printJson } from "../output.ts";
import { duration, watch } from "../terminal.ts";

interface DemoVerbOptions extends EngineOptions {
  readonly out: string;
  readonly seed: number;
  readonly explore: boolean;
  readonly open: boolean;
  readonly port: number;
  readonly json?: boolean;
}

export function demoVerb(program: Command): void {
  const command = program
    .command("demo")
    .summary("the embedded example: a world with known concepts, learned and opened")
    .description(
      "Draws pictures and captions with planted concepts, imports them, trains, analyses, tells how much of the truth was found, and opens the explorer.",
    )
    .option("--out <folder>", "where to put it; an earlier demo there is replaced", "viaduct-demo")
    .option("--seed <n>", "seed of the world and of training", wholeNumber("--seed"), 0)
    .option("--no-explore", "stop before the explorer")
    .option("--no-open", "serve the explorer without opening the browser")
    .option("--port <n>", "port of the explorer; 0 takes a free one", port, 0)
    .option("--json", "print the score as JSON and nothing else; implies --no-explore");
  withEngineOptions(command)
    .addHelpText("after", "\nExample:\n  viaduct demo --out my-demo")
    .action(async (options: DemoVerbOptions) => {
      const { runDemo } = await import("../../pipeline/demo/demo.ts");
      const line = watch();
      const { out, seed } = options;
      const result = await onEngine(options, (backend) =>
        runDemo({ out, seed }, { backend, progress: line.progress, now: () => Date.now() }),
      ).finally(() => line.stop());
      if (options.json) {
        printJson(result);
        return;
      }
      const share = (part: number, whole: number): string =>
        `${part} of ${whole} (${figure.percent(part / whole)})`;
      print(
        [
          `A world of ${figure.count(result.pictures)} pictures and ${figure.count(result.captions)} captions, learned and measured in ${duration(result.seconds)}.`,
          "",
          `  concepts recovered  ${share(result.recoveredConcepts, result.plantedConcepts)}, matched cosine above 0.9`,
          `  bridges recovered   ${share(result.recoveredBridges, result.plantedBridges)}, q below 0.05 against shuffled pairs and against the permuted dictionary`,
          `  modality scores     off by ${figure.fixed(result.modalityError, 3)} on average (0 to 1)`,
          `  reconstruction      R² ${figure.fixed(result.r2)} with ${figure.fixed(result.activePerSample, 1)} active concepts per row`,
          "",
          `Study: ${result.study}`,
        ].join("\n"),
      );
      if (options.explore) {
        const { exploreUntilStopped } = await import("./explore.ts");
        await exploreUntilStopped(result.study, {
          port: options.port,
          host: "127.0.0.1",
          open: options.open,
        });
      } else print(`Next: viaduct explore ${result.study}`);
    });
}
