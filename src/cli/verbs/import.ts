import type { Command } from "commander";
import { interruptible } from "../interrupt.ts";
import { print, printJson } from "../output.ts";
import { watch } from "../terminal.ts";

interface ImportVerbOptions {
  readonly images?: string[];
  readonly texts?: string[];
  readonly imageItems?: string;
  readonly textItems?: string;
  readonly pairs?: string;
  readonly pairedRows?: boolean;
  readonly imageRoot?: string;
  readonly model?: string;
  readonly dropInvalid?: boolean;
  readonly force?: boolean;
  readonly out: string;
  readonly json?: boolean;
}

export function importVerb(program: Command): void {
  program
    .command("import")
    .summary("make an embedding set from embeddings that exist already")
    .description(
      "Checks embeddings, items and pairs, and writes them as an embedding set. Matrices may be .npy, .npz, .safetensors or Parquet (file#key chooses a tensor or column); several files are shards.",
    )
    .argument("[folder]", "a clip-retrieval folder (img_emb, text_emb, metadata) instead of files")
    .option("--images <file...>", "image embeddings")
    .option("--texts <file...>", "text embeddings")
    .option("--image-items <file>", "CSV, JSON lines or Parquet: file, caption, source, … of each image row")
    .option("--text-items <file>", "the same for the text rows")
    .option("--pairs <file>", "table of image_row, text_row; an image may have many texts")
    .option("--paired-rows", "image row i belongs to text row i")
    .option("--image-root <folder>", "folder of the pictures")
    .option("--model <name>", "the model that made the embeddings")
    .option("--drop-invalid", "leave out rows with NaN, infinities or zeros only (default: stop)")
    .option("--force", "replace an embedding set at --out that holds nothing else")
    .requiredOption("--out <set>", "folder of the embedding set")
    .option("--json", "print the report as JSON and nothing else")
    .addHelpText(
      "after",
      "\nExample:\n  viaduct import --images images.npy --texts texts.npy --pairs pairs.csv --image-root photos --out my-set",
    )
    .action(async (folder: string | undefined, { json, ...options }: ImportVerbOptions) => {
      const { importEmbeddings, renderImportReport } = await import("../../pipeline/import.ts");
      const line = watch();
      const { path, manifest, report } = await interruptible((signal) =>
        importEmbeddings(
          { ...options, ...(folder === undefined ? {} : { folder }) },
          { progress: line.progress, signal },
        ),
      ).finally(() => line.stop());
      if (json) printJson({ path, dataHash: manifest.dataHash, dimension: manifest.dimension, ...report });
      else
        print(
          `${renderImportReport(manifest)}\n\nWritten to ${path}\nNext: viaduct train ${options.out} --out <study>`,
        );
    });
}
