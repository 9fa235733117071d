import { Option, type Command } from "commander";
import type { EmbedOptions } from "../../pipeline/embed/embed.ts";
import { encoderDevices, encoderDtypes } from "../../protocol/encoder-record.ts";
import { wholeNumber } from "../engine.ts";
import { interruptible } from "../interrupt.ts";
import { print, printJson } from "../output.ts";
import { watch } from "../terminal.ts";

interface EmbedVerbOptions extends Omit<EmbedOptions, "pictures"> {
  readonly json?: boolean;
}

export function embedVerb(program: Command): void {
  program
    .command("embed")
    .summary("make an embedding set from pictures and captions")
    .description(
      "Runs pictures and captions through the towers of a model. Captions come from a file beside each picture, a table, COCO's JSON, Flickr's files or WebDataset archives. A run that is stopped or killed goes on when it is given again.",
    )
    .argument(
      "[pictures...]",
      "a folder; or a table, captions JSON or Flickr file that names pictures; or .tar archives; or pictures",
    )
    .requiredOption("--model <name>", "a preset (clip-b32, …), small, or onnx:<folder> with encoder.json")
    .requiredOption("--out <set>", "folder of the embedding set")
    .option("--captions <file>", "file of captions for a folder of pictures (default: found in the folder)")
    .addOption(
      new Option("--caption-format <how>", "how captions are given")
        .choices(["auto", "none", "txt", "txt-whole", "table", "json", "flickr"])
        .default("auto"),
    )
    .option("--file-column <name>", "column of a table that names the pictures (default: by its name)")
    .option("--caption-column <name>", "column of a table that holds the captions (default: by its name)")
    .option("--image-root <folder>", "folder in which a table names pictures (default: that of the table)")
    .option("--texts <file>", "texts without pictures: a line each in .txt, or a column of a table")
    .option("--limit <n>", "only the first n pictures (default: all)", wholeNumber("--limit", 1))
    .addOption(
      new Option("--dtype <type>", "number type of the weights (default: fp32)").choices([...encoderDtypes]),
    )
    .addOption(
      new Option(
        "--device <device>",
        "what runs the towers; auto: CUDA or DirectML where one works, else the processor",
      )
        .choices(["auto", ...encoderDevices])
        .default("auto"),
    )
    .option("--revision <commit>", "commit, tag or branch of the model's repository (default: the preset's)")
    .option("--offline", "use only files that are on this machine")
    .option("--no-normalize", "keep the towers' scale (default: rows of unit length)")
    .option("--no-thumbnails", "make no thumbnails for the explorer")
    .option(
      "--batch <n>",
      "pictures or texts in a tower together (default: 16 on the processor, else 64)",
      wholeNumber("--batch", 1),
    )
    .option(
      "--workers <n>",
      "threads that decode pictures (default: a quarter of the cores, more beside a GPU)",
      wholeNumber("--workers", 1),
    )
    .option(
      "--threads <n>",
      "threads of the towers on the processor (default: all)",
      wholeNumber("--threads", 1),
    )
    .option(
      "--shard <n>",
      "pictures after which what is done is saved (default: 512)",
      wholeNumber("--shard", 1),
    )
    .option("--restart", "begin anew where an unfinished run lies")
    .option("--force", "replace an embedding set at --out that holds nothing else")
    .option("--json", "print the report as JSON and nothing else")
    .addHelpText(
      "after",
      "\nExamples:\n  viaduct embed photos --model clip-b32 --out my-set\n  viaduct embed titles.csv --image-root photos --model small --out my-set\n  viaduct embed 'shards/{00000..00012}.tar' --model siglip2-b16 --out my-set",
    )
    .action(async (pictures: string[], { json, ...options }: EmbedVerbOptions) => {
      const { embedPictures } = await import("../../pipeline/embed/embed.ts");
      const { renderEmbedReport } = await import("../../pipeline/embed/render-report.ts");
      const line = watch();
      const note = (text: string): void => {
        line.stop();
        if (json !== true) print(text);
      };
      const { path, manifest, report } = await interruptible((signal) =>
        embedPictures({ ...options, pictures }, { progress: line.progress, signal, note }),
      ).finally(() => line.stop());
      if (json) {
        const { dataHash, dimension, encoder } = manifest;
        printJson({ path, dataHash, dimension, encoder, ...report });
        return;
      }
      print(
        `\n${renderEmbedReport(manifest)}\n\nWritten to ${path}\nNext: viaduct train ${options.out} --out <study>`,
      );
    });
}
