import type { Command } from "commander";
import type { DemoResult } from "../../pipeline/demo/demo.ts";
import type { PlantedDemoResult } from "../../pipeline/demo/planted-demo.ts";
import { onEngine, port, wholeNumber, withEngineOptions, type EngineOptions } from "../engine.ts";
import { figure, print, printJson, table } from "../output.ts";
import { duration, watch } from "../terminal.ts";

interface DemoVerbOptions extends EngineOptions {
  readonly out: string;
  readonly seed: number;
  readonly planted?: boolean;
  readonly explore: boolean;
  readonly open: boolean;
  readonly port: number;
  readonly json?: boolean;
}

export function demoVerb(program: Command): void {
  const command = program
    .command("demo")
    .summary("the embedded example: a drawn world, embedded, learned and opened")
    .description(
      "Draws pictures and captions, embeds them with the small towers that come with Viaduct, trains, analyses, tells which of the things that scenes are made of became concepts, and opens the explorer.",
    )
    .option("--out <folder>", "where to put it; an earlier demo there is replaced", "viaduct-demo")
    .option("--seed <n>", "seed of the world and of training", wholeNumber("--seed"), 0)
    .option(
      "--planted",
      "plant the concepts in the embeddings instead of embedding pictures, and score what was found against them",
    )
    .option("--no-explore", "stop before the explorer")
    .option("--no-open", "serve the explorer without opening the browser")
    .option("--port <n>", "port of the explorer; 0 takes a free one", port, 0)
    .option("--json", "print the score as JSON and nothing else; implies --no-explore");
  withEngineOptions(command)
    .addHelpText("after", "\nExample:\n  viaduct demo --out my-demo")
    .action(async (options: DemoVerbOptions) => {
      const line = watch();
      const { out, seed, planted = false } = options;
      const effects = { progress: line.progress, now: () => Date.now() };
      const { result, text } = await onEngine(options, async (backend) => {
        if (planted) {
          const { runPlantedDemo } = await import("../../pipeline/demo/planted-demo.ts");
          const found = await runPlantedDemo({ out, seed }, { backend, ...effects });
          return { result: found, text: plantedText(found) };
        }
        const { runDemo } = await import("../../pipeline/demo/demo.ts");
        const found = await runDemo({ out, seed }, { backend, ...effects });
        return { result: found, text: towersText(found) };
      }).finally(() => line.stop());
      if (options.json) {
        printJson(result);
        return;
      }
      print(`${text}\n\nStudy: ${result.study}`);
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

const share = (part: number, whole: number): string =>
  `${part} of ${whole} (${figure.percent(part / whole)})`;

function plantedText(result: PlantedDemoResult): string {
  return [
    `A planted world of ${figure.count(result.pictures)} pictures and ${figure.count(result.captions)} captions, learned and measured in ${duration(result.seconds)}.`,
    "",
    `  concepts recovered  ${share(result.recoveredConcepts, result.plantedConcepts)}, matched cosine above 0.9`,
    `  bridges recovered   ${share(result.recoveredBridges, result.plantedBridges)}, q below 0.05 against shuffled pairs and against the permuted dictionary`,
    `  modality scores     off by ${figure.fixed(result.modalityError, 3)} on average (0 to 1)`,
    reconstruction(result),
  ].join("\n");
}

function reconstruction({ r2, activePerSample }: { r2: number | null; activePerSample: number }): string {
  return `  reconstruction      R² ${figure.fixed(r2)} with ${figure.fixed(activePerSample, 1)} active concepts per row`;
}

/** Values in a row of the table. */
const shownValues = 6;

function towersText(result: DemoResult): string {
  const judged = result.factors.filter(({ values }) => values > 0);
  const sum = (of: (factor: (typeof judged)[number]) => number): number =>
    judged.reduce((total, factor) => total + of(factor), 0);
  return [
    `${figure.count(result.pictures)} drawn pictures and ${figure.count(result.captions)} captions, embedded, learned and measured in ${duration(result.seconds)}.`,
    "",
    `  concepts that mean something  ${share(
      sum(({ found }) => found),
      sum(({ values }) => values),
    )} of the values of scenes have one`,
    reconstruction(result).replace("reconstruction      ", "reconstruction                "),
    "",
    table(
      ["what scenes are made of", "values", "meant", "mean F1", "chance", "best told"],
      judged.map(({ factor, values, found, meanF1, chance }) => [
        factor,
        values,
        found,
        figure.fixed(meanF1, 2),
        figure.fixed(chance, 2),
        bestTold(result, factor),
      ]),
    ),
    "",
    "meant: values that a concept tells with an F1 of at least 0.5, in pictures or in captions, on the half",
    "of the rows that did not choose the concept; mean F1: of the best concept of each value; chance: F1 of",
    "calling every row.",
  ].join("\n");
}

/** The values of a factor that concepts tell best, with the concept: "red 0.93 (#12)". */
function bestTold({ values }: DemoResult, factor: string): string {
  return values
    .filter((value) => value.factor === factor)
    .flatMap(({ value, pictures, captions }) => {
      const best = [pictures, captions].reduce(
        (a, b) => (a === null || (b !== null && b.f1 > a.f1) ? b : a),
        null,
      );
      return best === null ? [] : [{ value, ...best }];
    })
    .toSorted((a, b) => b.f1 - a.f1)
    .slice(0, shownValues)
    .map(({ value, f1 }) => `${value} ${figure.fixed(f1, 2)}`)
    .join(", ");
}
