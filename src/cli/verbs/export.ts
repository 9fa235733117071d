import { Option, type Command } from "commander";
import { badUsage } from "../../base/errors.ts";
import type { ExportedManifest } from "../../protocol/exported.ts";
import { pictureChoices, type PictureChoice, type SiteManifest } from "../../protocol/site.ts";
import { onEngine } from "../engine.ts";
import { interruptible } from "../interrupt.ts";
import { figure, print, printJson, table } from "../output.ts";
import { bytes, watch } from "../terminal.ts";

const targets = ["site", "saelens", "npy", "report"] as const;

interface ExportVerbOptions {
  readonly to: (typeof targets)[number];
  readonly out?: string;
  readonly dictionaries?: readonly string[];
  readonly pictures: PictureChoice;
  readonly pictureRows: "examples" | "all";
  readonly force?: boolean;
  readonly json?: boolean;
}

export function exportVerb(program: Command): void {
  program
    .command("export")
    .summary("a study as a website, for SAELens, as npy arrays, as a report")
    .description(
      "Writes a study for others: the explorer as a folder of files for any web server (site), the weights for SAELens (saelens), weights, codes and statistics as NumPy arrays (npy), or the page that viaduct report writes (report). A folder appears whole or not at all.",
    )
    .argument("<study>", "folder of a study")
    .addOption(new Option("--to <what>", "what to write").choices(targets).makeOptionMandatory())
    .option(
      "--out <path>",
      "folder to write; required but for a report, which is a file (default: <study>/report.html)",
    )
    .option(
      "--dictionaries <list>",
      "dictionaries, separated by commas (default: all; for a site all that were analysed)",
      (text: string) => text.split(",").map((name) => name.trim()),
    )
    .addOption(
      new Option(
        "--pictures <size>",
        "pictures of a site: small and large thumbnails, small ones only, or none",
      )
        .choices(pictureChoices)
        .default("large"),
    )
    .addOption(
      new Option("--picture-rows <which>", "which rows have pictures: the concepts' examples, or all")
        .choices(["examples", "all"])
        .default("examples"),
    )
    .option("--force", "replace an earlier export of that kind at --out that holds nothing else")
    .option("--json", "print what was written as JSON and nothing else")
    .addHelpText("after", "\nExample:\n  viaduct export my-study --to site --out my-site")
    .action(async (study: string, options: ExportVerbOptions) => {
      const { to, out } = options;
      if (to === "report") return exportReport(study, options);
      if (out === undefined)
        throw badUsage(`--out is missing; expected the folder to write, e.g. --out my-${to}`);
      await (to === "site" ? exportToSite(study, out, options) : exportArrays(study, to, out, options));
    });
}

async function exportToSite(study: string, out: string, options: ExportVerbOptions): Promise<void> {
  const { exportSite } = await import("../../pipeline/export/site/export-site.ts");
  const { builtApplication } = await import("../../server/explorer.ts");
  const { dictionaries, pictures, pictureRows, force = false, json } = options;
  const line = watch();
  const spec = { study, out, pictures, pictureRows, force, application: builtApplication() };
  const {
    path,
    bytes: total,
    manifest,
  } = await interruptible((signal) =>
    exportSite(
      { ...spec, ...(dictionaries === undefined ? {} : { dictionaries }) },
      { progress: line.progress, signal },
    ),
  ).finally(() => line.stop());
  if (json) {
    const { files, ...rest } = manifest;
    printJson({ path, totalBytes: total, ...rest, fileCount: files.length });
    return;
  }
  const parts = Object.entries(manifest.bytes).map(([part, size]) => [part, bytes(size)] as const);
  print(
    [
      table(["part", "size"], [...parts, ["in all", bytes(total)]]),
      "",
      `Dictionaries: ${manifest.dictionaries.join(", ")}`,
      picturesLine(manifest),
      "Left out: embeddings, weights and the full matrix of bridges",
      "",
      `Written to ${path}`,
      `Next: put the folder on any web server, or look at it here: python3 -m http.server -d ${out}`,
    ].join("\n"),
  );
}

function picturesLine({ pictures: { choice, rows, notExamples, missing } }: SiteManifest): string {
  if (choice === "none") return "No pictures";
  const without = [
    ...(notExamples > 0 ? [`${figure.count(notExamples)} rows that are no concept's example`] : []),
    ...(missing > 0 ? [`${figure.count(missing)} rows whose file is missing or cannot be read`] : []),
  ];
  const rest = without.length === 0 ? "" : `; not of ${without.join(" and ")}`;
  return `Pictures: ${choice === "large" ? "small and large" : "small"} ones of ${figure.count(rows)} rows${rest}`;
}

async function exportArrays(
  study: string,
  to: "saelens" | "npy",
  out: string,
  { dictionaries, force = false, json }: ExportVerbOptions,
): Promise<void> {
  const { exportDictionaries } = await import("../../pipeline/export/export-dictionaries.ts");
  const line = watch();
  const { path, manifest } = await interruptible((signal) =>
    exportDictionaries(
      { study, to, out, force, ...(dictionaries === undefined ? {} : { dictionaries }) },
      { progress: line.progress, signal },
    ),
  ).finally(() => line.stop());
  if (json) printJson({ path, ...manifest });
  else print([...summary(manifest), "", `Written to ${path}`].join("\n"));
}

function summary({ dictionaries, leftOut, files }: ExportedManifest): string[] {
  const size = files.reduce((sum, file) => sum + file.bytes, 0);
  return [
    `Dictionaries: ${dictionaries.join(", ")} (${files.length} files, ${bytes(size)})`,
    ...leftOut.map(({ dictionary, reason }) => `Left out: ${dictionary} ${reason}`),
  ];
}

async function exportReport(study: string, { out, dictionaries, json }: ExportVerbOptions): Promise<void> {
  if (dictionaries !== undefined) {
    throw badUsage(
      "--dictionaries does not go with --to report; choose runs with viaduct report --learners, --k, …",
    );
  }
  const { writeReport } = await import("../../pipeline/paper/report.ts");
  const line = watch();
  const report = await interruptible((signal) =>
    onEngine({ product: "auto" }, (backend) =>
      writeReport(
        { study, choice: {}, ...(out === undefined ? {} : { out }) },
        { backend, progress: line.progress, signal },
      ),
    ),
  ).finally(() => line.stop());
  if (json) printJson(report);
  else
    print(
      `${report.measured.length} experiments on ${report.dictionaries.length} dictionaries\n\nWritten to ${report.path}`,
    );
}
