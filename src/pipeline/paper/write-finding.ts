/** One experiment on disk: table (Parquet and CSV), figure (SVG light and dark, PNG), finding.json last. */
import { mkdir, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { writeCsv } from "../../formats/csv.ts";
import { parquetColumn, writeParquet } from "../../formats/parquet.ts";
import { writeFileAtomic, writeJson } from "../../platform/node/files/write-file.ts";
import { packageVersion } from "../../platform/node/files/package-version.ts";
import { experimentLayout, studyLayout } from "../../protocol/study-layout.ts";
import { studySchemaVersion } from "../../protocol/study.ts";
import type { Experiment, Finding, FindingTable } from "./experiment.ts";
import { drawPng, drawSvg } from "./figure.ts";
import { counted, type StudyRun } from "./runs.ts";

export async function writeFinding(
  study: string,
  { name, title, question }: Experiment,
  finding: Finding,
  { runs, seed, png }: { runs: readonly StudyRun[]; seed: number; png: boolean },
): Promise<void> {
  const target = join(study, studyLayout.experiment(name).root);
  const staging = `${target}.partial`;
  await rm(staging, { recursive: true, force: true });
  await mkdir(staging, { recursive: true });
  const layout = experimentLayout(".");
  const put = (path: string, content: string | Uint8Array): Promise<void> =>
    writeFileAtomic(join(staging, path), content);
  const putTable = async (table: string, content: FindingTable): Promise<void> => {
    const names = Object.keys(content.columns);
    const paths = layout.table(table);
    await put(
      paths.parquet,
      writeParquet(
        names.map((column) =>
          parquetColumn(
            column,
            content.rows.map((row) => row[column] ?? null),
          ),
        ),
        { metadata: { columns: JSON.stringify(content.columns) } },
      ),
    );
    await put(
      paths.csv,
      writeCsv(
        names,
        content.rows.map((row) => names.map((column) => row[column] ?? null)),
      ),
    );
  };
  await putTable("table", finding);
  if (finding.details !== undefined) await putTable(finding.details.name, finding.details);
  const light = drawSvg(finding.figure, "light");
  await put(layout.figure("light"), light);
  await put(layout.figure("dark"), drawSvg(finding.figure, "dark"));
  if (png) await put(layout.print, await drawPng(light));
  await put(
    layout.text,
    `# ${title}\n\n${question}\n\n${finding.sentences.map((sentence) => `- ${sentence}`).join("\n")}\n\nRests on ${counted(finding.runs, "run")}.\n\nFigure: ${finding.caption}\n`,
  );
  await writeJson(join(staging, layout.finding), {
    schemaVersion: studySchemaVersion,
    kind: "finding",
    experiment: name,
    title,
    question,
    sentences: finding.sentences,
    caption: finding.caption,
    runs: finding.runs,
    columns: finding.columns,
    dictionaries: runs.map((run) => run.name),
    seed,
    version: packageVersion(),
  });
  await mkdir(dirname(target), { recursive: true });
  await rm(target, { recursive: true, force: true });
  await rename(staging, target);
}
