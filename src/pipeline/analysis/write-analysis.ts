/** Writes an analysis beside its dictionary: into a temporary folder that then takes the old one's place. */
import { mkdir, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { writeParquet, type ColumnType, type ParquetColumn } from "../../formats/parquet.ts";
import { writeSafetensors } from "../../formats/safetensors.ts";
import { stackCodes } from "../../learners/codes.ts";
import { listFiles } from "../../platform/node/files/file-list.ts";
import { writeFileAtomic, writeJson } from "../../platform/node/files/write-file.ts";
import type { Cell } from "../../formats/table.ts";
import type { BridgeRow, NeighbourRow } from "../../protocol/analysis-tables.ts";
import { analysisLayout, studyLayout } from "../../protocol/study-layout.ts";
import { studySchemaVersion, type FolderManifest } from "../../protocol/study.ts";
import type { Analysis } from "./analyze-dictionary.ts";
import type { BridgeMatrix } from "./bridge-table.ts";

/** Rows that a reader fetches at least; more where a table is so long that its footer would grow with it. */
const rowGroupSize = 1000;
const mostGroups = 100;

export async function writeAnalysis(study: string, name: string, analysis: Analysis): Promise<void> {
  const target = join(study, studyLayout.dictionary(name).analysis.root);
  const staging = `${target}.partial`;
  await rm(staging, { recursive: true, force: true });
  await mkdir(staging, { recursive: true });
  const layout = analysisLayout(".");
  const written: string[] = [];
  const put = async (path: string, content: string | Uint8Array): Promise<void> => {
    await writeFileAtomic(join(staging, path), content);
    written.push(path.replace(/^\.\//, ""));
  };

  await put(layout.metrics, `${JSON.stringify(analysis.metrics, undefined, 2)}\n`);
  await put(layout.concepts, tableOf(analysis.concepts, { groupSize: analysis.concepts.length }));
  await put(layout.examples, tableOf(analysis.examples));
  await put(layout.bridges, tableOf(analysis.bridges.byImage, bridgeSettings));
  await put(layout.bridgesByText, tableOf(analysis.bridges.byText, bridgeSettings));
  await put(layout.strongestBridges, tableOf(strongestOf(analysis.bridges.byImage), bridgeSettings));
  if (analysis.bridges.matrix !== null) await put(layout.bridgeMatrix, matrixOf(analysis.bridges.matrix));
  await put(layout.neighbours, tableOf(neighbourRows(analysis)));
  await put(layout.histograms, tableOf(analysis.histograms));
  await put(layout.words, tableOf(analysis.words));
  const { image, text } = analysis.codes;
  const codes = stackCodes([image, text], image.concepts);
  await put(
    layout.codes,
    writeSafetensors({
      row_start: { shape: [codes.rowStart.length], data: codes.rowStart },
      concept: { shape: [codes.concept.length], data: codes.concept },
      value: { shape: [codes.value.length], data: codes.value },
    }),
  );
  await writeJson(join(staging, layout.manifest), {
    schemaVersion: studySchemaVersion,
    kind: "analysis",
    name,
    files: await listFiles(staging, written),
  } satisfies FolderManifest);

  const old = `${target}.old`;
  await rm(old, { recursive: true, force: true });
  await mkdir(dirname(target), { recursive: true });
  await rename(target, old).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== "ENOENT") throw error;
  });
  await rename(staging, target);
  await rm(old, { recursive: true, force: true });
}

const integerColumns: ReadonlySet<string> = new Set([
  "concept",
  "imageConcept",
  "textConcept",
  "imageActive",
  "textActive",
  "imageBridges",
  "textBridges",
  "bridges",
  "significantBridges",
  "pairs",
  "rank",
  "row",
  "neighbour",
  "topImage",
  "topText",
  ...["example", "bridge", "bridgeByText", "neighbour", "word"].flatMap((table) => [
    `${table}Start`,
    `${table}Count`,
  ]),
]);

/** Columns of text whose first cell may be null. */
const textColumns: ReadonlySet<string> = new Set(["words"]);

/** Whole numbers that lie near the one before, or take few bits: their differences are stored. */
const deltaColumns: ReadonlySet<string> = new Set([
  "concept",
  "imageConcept",
  "row",
  "neighbour",
  ...["example", "bridge", "bridgeByText", "neighbour", "word"].map((table) => `${table}Start`),
]);

/** What tables are sorted and looked up by; of other columns statistics would only make the footer long. */
const sortedColumns: ReadonlySet<string> = new Set(["concept", "imageConcept", "textConcept"]);

interface TableSettings {
  readonly groupSize?: number;
  /** Of numbers that are not whole; default FLOAT: codes and products are float32 from the start. */
  readonly numbers?: "FLOAT" | "DOUBLE";
}

/** Rows of bridges are long, and a concept has few of them. */
const bridgeSettings: TableSettings = { groupSize: rowGroupSize, numbers: "DOUBLE" };

const longGroup = (rows: number): number => Math.max(rowGroupSize, Math.ceil(rows / mostGroups));

/** Bridges that a list begins with: about 50 kB. */
const firstBridges = 1000;

/** In the order of score; equal ones as they stand among all. */
function strongestOf(bridges: readonly BridgeRow[]): readonly BridgeRow[] {
  return bridges
    .filter(({ score }) => score > 0)
    .toSorted((a, b) => b.score - a.score)
    .slice(0, firstBridges);
}

/** One column for each key of the first row; a table without rows has no columns to read. */
function tableOf(
  rows: readonly object[],
  { groupSize = longGroup(rows.length), numbers = "FLOAT" }: TableSettings = {},
): Uint8Array {
  const [first] = rows;
  if (first === undefined) return writeParquet([{ name: "concept", type: "INT32", data: [] }]);
  const columns = Object.entries(first).map(([name, sample]: [string, unknown]): ParquetColumn => {
    const type: ColumnType = Array.isArray(sample)
      ? "JSON"
      : typeof sample === "string" || textColumns.has(name)
        ? "STRING"
        : integerColumns.has(name)
          ? "INT32"
          : numbers;
    const data = rows.map((row) => (row as Record<string, Cell>)[name] ?? null);
    const statistics = sortedColumns.has(name);
    if (!deltaColumns.has(name)) return { name, type, data, statistics };
    return { name, type, data, statistics, nullable: false, encoding: "DELTA_BINARY_PACKED" };
  });
  return writeParquet(columns, { rowGroupSize: Math.max(1, groupSize) });
}

/** All bridges, row by row (image concept): float64 where the tables hold float64. */
function matrixOf({ found, ...nulls }: BridgeMatrix): Uint8Array {
  const entries = {
    text_concept: found.textConcept,
    pairs: found.together,
    coactivation: found.coactivation,
    cosine: found.cosine,
    score: found.score,
    shuffle_z: nulls.shuffleZ,
    shuffle_p: nulls.shuffleP,
    shuffle_q: nulls.shuffleQ,
    permuted_p: nulls.permutedP,
    permuted_q: nulls.permutedQ,
  };
  return writeSafetensors({
    row_start: { shape: [found.rowStart.length], data: found.rowStart },
    ...Object.fromEntries(
      Object.entries(entries).map(([name, data]) => [name, { shape: [data.length], data }]),
    ),
  });
}

function neighbourRows({ neighbours }: Analysis): NeighbourRow[] {
  const { k, index, product } = neighbours;
  return Array.from(index, (neighbour, at) => ({
    concept: Math.floor(at / k),
    rank: at % k,
    neighbour,
    cosine: product[at]!,
  }));
}
