import { Option, type Command } from "commander";
import { badUsage } from "../../base/errors.ts";
import type { ExportedManifest } from "../../protocol/exported.ts";
import type { QueriesSpec } from "../../pipeline/export/site/plan-queries.ts";
import { towerPlaces, type TowerPlace } from "../../protocol/site-queries.ts";
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
  readonly queries?: boolean;
  readonly towers?: TowerPlace;
  readonly model?: string;
  readonly nearest: boolean;
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
    .option(
      "--queries",
      "a site whose page answers questions itself: takes ONNX Runtime (14 MB), towers, weights and embeddings along",
    )
    .addOption(
      new Option(
        "--towers <where>",
        "with --queries, where the page finds the model: in the site, or on the hub when it is asked (default: site; has to be said for a model of the hub)",
      ).choices([...towerPlaces]),
    )
    .option("--model <name>", "with --queries, what embeds questions (default: the model that made the set)")
    .option("--no-nearest", "with --queries, leave the embeddings out; nothing is said of nearest items")
    .option("--force", "replace an earlier export of that kind at --out that holds nothing else")
    .option("--json", "print what was written as JSON and nothing else")
    .addHelpText("after", "\nExample:\n  viaduct export my-study --to site --out my-site")
    .action(async (study: string, options: ExportVerbOptions) => {
      const { to, out } = options;
      const aboutQuestions = options.queries === true ? "--queries" : questionOption(options);
      if (to !== "site" && aboutQuestions !== null) {
        throw badUsage(`${aboutQuestions} goes with --to site; an export --to ${to} answers no questions`);
      }
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
  const queries = queriesSpec(options);
  const line = watch();
  const spec = {
    study,
    out,
    pictures,
    pictureRows,
    force,
    application: builtApplication(),
    ...(queries === null ? {} : { queries }),
  };
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
  const parts = Object.entries(manifest.bytes)
    .filter(([, size]) => size > 0)
    .map(([part, size]) => [part, bytes(size)] as const);
  print(
    [
      table(["part", "size"], [...parts, ["in all", bytes(total)]]),
      "",
      `Dictionaries: ${manifest.dictionaries.join(", ")}`,
      picturesLine(manifest),
      queriesLine(manifest),
      `Left out: ${leftOut(manifest)} and the full matrix of bridges`,
      "",
      `Written to ${path}`,
      `Next: put the folder on any web server, or look at it here: python3 -m http.server -d ${out}`,
    ].join("\n"),
  );
}

/** The first that was given of what only goes with --queries. */
function questionOption({ towers, model, nearest }: ExportVerbOptions): string | null {
  if (towers !== undefined) return "--towers";
  if (model !== undefined) return "--model";
  return nearest ? null : "--no-nearest";
}

function queriesSpec(options: ExportVerbOptions): QueriesSpec | null {
  const { queries, towers, model, nearest } = options;
  if (queries !== true) {
    const given = questionOption(options);
    if (given === null) return null;
    throw badUsage(`${given} is about the questions that a site answers; add --queries`);
  }
  return {
    nearest,
    ...(towers === undefined ? {} : { towers }),
    ...(model === undefined ? {} : { model }),
  };
}

function queriesLine({ queries }: SiteManifest): string {
  if (queries === null) return "Questions: not answered; --queries lets the page answer them";
  const { model, towers, nearest, hubBytes } = queries;
  const whence =
    towers === "site"
      ? "in the site"
      : `that it fetches from the hub${hubBytes === null ? "" : ` (${bytes(hubBytes)})`}`;
  return `Questions: answered by the page with ${model} ${whence}${nearest ? "" : ", without nearest items"}`;
}

function leftOut({ queries }: SiteManifest): string {
  if (queries === null) return "embeddings, weights";
  return queries.nearest ? "run records" : "embeddings";
}

function picturesLine({ pictures: { choice, rows, notExamples, missing } }: SiteManifest): string {
  if (choice === "none") return "No pictures";
  const without = [
    ...(notExamples > 0
      ? [
          `${figure.count(notExamples)} rows that are no concept's example (--picture-rows all takes them along)`,
        ]
      : []),
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
