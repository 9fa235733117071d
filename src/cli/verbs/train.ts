import type { Command } from "commander";
import { dietFrom, withDietOptions, type DietOptions } from "../diet-options.ts";
import { onEngine, withEngineOptions, type EngineOptions } from "../engine.ts";
import { interruptible } from "../interrupt.ts";
import { learnerNames } from "../learner-names.ts";
import { figure, print, printJson, table } from "../output.ts";
import { duration, watch } from "../terminal.ts";
import { ViaductError } from "../../base/errors.ts";
import type { RunRecord } from "../../protocol/study.ts";

interface TrainOptions extends EngineOptions, DietOptions {
  readonly out: string;
  readonly learner: string;
  readonly name?: string;
  readonly resume?: boolean;
  readonly json?: boolean;
  readonly debug?: boolean;
}

export function trainVerb(program: Command): void {
  const command = program
    .command("train")
    .summary("learn a dictionary of concepts on an embedding set")
    .description(
      "Learns a dictionary on an embedding set and puts it into a study, with weights in the SAELens layout where that has an architecture for them.",
    )
    .argument("<set>", "folder of an embedding set (from viaduct import)")
    .requiredOption("--out <study>", "folder of the study; made when absent")
    .option("--learner <name>", `one of ${learnerNames.join(", ")}`, "batch-topk")
    .option("--concepts <n>", "number of concepts (default: 8 per dimension, at most one per 4 rows)")
    .option(
      "--k <n>",
      "active concepts per sample, on average with batch-topk (default: 16 to 32 by dimension)",
    )
    .option(
      "--target-l0 <n>",
      "active concepts per sample to steer to (jumprelu, relu, gated, dictionary-learning, fixed-text)",
    )
    .option(
      "--l1 <weight>",
      "weight of the L1 penalty instead of a target (relu, gated, dictionary-learning, fixed-text); on directions (sparse-pca: 1)",
    )
    .option(
      "--prefixes <widths>",
      "widths that reconstruct on their own, e.g. 64,256,1024, or sampled (matryoshka; default: c/16, c/8, c/4, c/2)",
    )
    .option(
      "--design <design>",
      "shared, or modality-specific: a dictionary per modality, matched over pairs (SAEs; default: shared)",
    )
    .option("--image-concepts <n>", "concepts of images in the modality-specific design (default: half)")
    .option(
      "--alignment <weight>",
      "weight of the penalty on unlike codes of paired rows (aligned; default: 0.03)",
    )
    .option(
      "--iso-energy <weight>",
      "weight of the penalty on unlike energies of the modalities (aligned; default: 0.01)",
    )
    .option("--paired <share>", "share of a batch that is paired rows (aligned; default: 0.25)")
    .option(
      "--leave-strongest <bool>",
      "leave each row's strongest concept out of the alignment (aligned; default: true)",
    )
    .option("--candidates <n>", "data rows that atoms are mixed from (archetypal, convex-nmf; default: 4096)")
    .option("--support <n>", "candidates that an atom may mix, the nearest ones (archetypal; default: 32)")
    .option("--relaxation <norm>", "how far an atom may leave its mixture (archetypal; default: 0.3)")
    .option("--epochs <n>", "passes over the training rows (default: 20)")
    .option("--batch <rows>", "rows of one step (default: 256 below 50,000 rows, else 1024; k-means: all)")
    .option("--lr <rate>", "highest learning rate (default: by width)")
    .option("--beta2 <share>", "how slowly Adam forgets squared gradients (default: 0.98)")
    .option("--seed <n>", "seed of everything random (default: 0)")
    .option("--center <how>", "global, per-modality or none (default: global)")
    .option("--scale <bool>", "scale rows to a mean norm of 1 (default: true)")
    .option(
      "--held-out <share>",
      "share of rows not trained on: they evaluate, and set the threshold (default: 0.1)",
    )
    .option(
      "--epoch-mixture <image:text>",
      "weights of image and text rows in an epoch, by repeating rows and leaving out others",
    )
    .option("--balanced", "the same as --epoch-mixture 50:50")
    .option(
      "--auxiliary <weight>",
      "weight of the auxiliary loss that revives dead concepts (default: 1; not in relu, gated)",
    )
    .option("--auxiliary-k <n>", "dead concepts that each row may use in it (default: 4 k)")
    .option(
      "--dead-after <rows>",
      "rows without activation after which a concept counts as dead (default: 10,000)",
    )
    .option(
      "--revive-every <epochs>",
      "epochs between revivals of dead concepts from badly rebuilt rows (default: never; relu, gated: 2)",
    )
    .option(
      "--lazy <bool>",
      "leave concepts that a batch did not touch as they are: faster, a little worse (default: false)",
    )
    .option("--clip <norm>", "clip gradients to this joint norm (default: off)")
    .option("--patience <n>", "end after so many evaluations without progress (default: off)")
    .option(
      "--iterations <n>",
      "turns at most (ica, nmf, semi-nmf: 200; convex-nmf: 100; k-means: 300, with --batch 100 passes; sparse-pca: 1000)",
    )
    .option(
      "--tolerance <share>",
      "change in a turn that ends ica, k-means, nmf, semi-nmf and convex-nmf (1e-4) or sparse-pca (1e-8)",
    )
    .option(
      "--checkpoint-every <steps>",
      "steps between checkpoints (default: one a minute, and when stopped)",
    )
    .option("--solver <solver>", "cd or multiplicative (nmf, semi-nmf, convex-nmf; default: cd)")
    .option("--init <start>", "nndsvd or random (nmf; default: nndsvd where it can)")
    .option("--split-signs", "factor positive and negative parts of signed rows side by side (nmf)")
    .option("--positive", "codes above zero only (dictionary-learning)")
    .option("--vocabulary <file>", "embedding set or matrix file whose rows are the atoms (fixed-text)")
    .option("--name <name>", "name of the dictionary (default: learner, concepts, sparsity, diet, seed)")
    .option("--resume", "continue a stopped run, with the options it began with; without a checkpoint, begin")
    .option("--json", "print the run's record as JSON and nothing else");
  withEngineOptions(withDietOptions(command))
    .addHelpText("after", "\nExample:\n  viaduct train my-set --concepts 4096 --k 16 --out my-study")
    .action(async (set: string, options: TrainOptions & Readonly<Record<string, unknown>>) => {
      const {
        out,
        learner,
        name,
        resume,
        json,
        debug: _debug,
        threads: _threads,
        product: _product,
        ...others
      } = options;
      const { diet, rest } = dietFrom(others);
      const { trainStudy } = await import("../../pipeline/train.ts");
      const line = watch();
      const spec = {
        set,
        study: out,
        learner,
        options: rest,
        diet,
        ...(name === undefined ? {} : { name }),
        ...(resume === undefined ? {} : { resume }),
      };
      const result = await interruptible((signal) =>
        onEngine(options, (backend) =>
          trainStudy(spec, { backend, signal, progress: line.progress, now: () => Date.now() }),
        ),
      )
        .finally(() => line.stop())
        .catch((error: unknown) => {
          throw inOptionsOf(command, error);
        });
      if (json) printJson({ path: result.path, ...result.run });
      else print(`${trainingReport(result.run)}\n\nWritten to ${result.path}\nNext: viaduct analyze ${out}`);
    });
}

/** The library's error in words of the command line: options by their flags, and how to go on after a stop. */
export function inOptionsOf(command: Command, error: unknown): unknown {
  if (!(error instanceof ViaductError)) return error;
  const told = (message: string): ViaductError => new ViaductError(error.code, message, { cause: error });
  if (error.code === "cancelled") {
    return told(`${error.message}; the same command with --resume goes on from there`);
  }
  if (error.code !== "bad-usage") return error;
  const [name = ""] = /^\w+(?= is )/.exec(error.message) ?? [];
  const option = command.options.find((one) => one.attributeName() === name);
  return option === undefined ? error : told(`${option.long}${error.message.slice(name.length)}`);
}

/** What a run reached, as a person reads it. */
export function trainingReport(run: RunRecord): string {
  const { metrics, engine } = run;
  const setsThreshold = (rows: RunRecord["calibratedOn"]): string =>
    run.calibratedOn === rows ? " (set the threshold)" : "";
  const parts = [
    ["all rows", metrics.all],
    ["image rows", metrics.image],
    ["text rows", metrics.text],
    [`training rows${setsThreshold("train")}`, metrics.train],
    [`held-out rows${setsThreshold("held-out")}`, metrics.heldOut],
  ] as const;
  const rows = parts.flatMap(([label, part]) =>
    part === null
      ? []
      : [
          [
            label,
            figure.count(part.rows),
            figure.fixed(part.r2),
            figure.fixed(part.cosine),
            figure.fixed(part.activePerSample, 2),
            figure.percent(part.deadFraction),
          ],
        ],
  );
  const ended = run.ended === "plateau" ? " (ended early: no more progress)" : "";
  const fed =
    run.diet === null
      ? []
      : [
          `Learned from ${figure.count(run.diet.image)} image and ${figure.count(run.diet.text)} text rows (${figure.count(run.diet.pairs)} pairs); all, image and text rows below are those of the whole set.`,
        ];
  return [
    `${run.name}: ${figure.count(run.steps)} steps in ${duration(run.seconds)}${ended}, ${engine.product}, ${engine.threads} threads`,
    ...fed,
    "",
    table(["", "rows", "R²", "cosine", "L0", "dead"], rows),
    ...run.notes.map((note) => `Note: ${note}`),
  ].join("\n");
}
