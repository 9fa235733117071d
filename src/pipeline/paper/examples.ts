/** What a concept is called in a table: its own name, or the item that activates it most. */
import { join } from "node:path";
import type { Modality } from "../../base/rows.ts";
import { readParquet } from "../../formats/parquet.ts";
import { openFile } from "../../platform/node/files/file-source.ts";
import { studyLayout } from "../../protocol/study-layout.ts";
import { readConceptNames } from "../dictionary-folder.ts";
import { readNumbers } from "./concept-statistics.ts";
import type { PaperStudy } from "./experiment.ts";
import type { StudyRun } from "./runs.ts";

const longest = 80;

/**
 * The name that the concept was learned with; without one, the caption, or else the file, of the row
 * that activates it most; null when none does.
 */
export async function conceptWords(
  study: Pick<PaperStudy, "path" | "set">,
  run: Pick<StudyRun, "name">,
  concept: number,
  modality: Modality,
): Promise<string | null> {
  const given = (await readConceptNames(study.path, run.name))?.[concept]?.trim() ?? "";
  if (given !== "") return shortened(given);
  const layout = studyLayout.dictionary(run.name).analysis;
  const { exampleStart, exampleCount } = await readNumbers(join(study.path, layout.concepts), [
    "exampleStart",
    "exampleCount",
  ]);
  const file = await openFile(join(study.path, layout.examples));
  try {
    const rowStart = exampleStart[concept]!;
    const { rows, columns } = await readParquet(file, {
      rowStart,
      rowEnd: rowStart + exampleCount[concept]!,
    });
    for (let i = 0; i < rows; i++) {
      if (columns.get("modality")?.[i] !== modality) continue;
      const [item] = await study.set.items[modality].at([Number(columns.get("row")?.[i])]);
      const words = item?.caption ?? item?.file ?? `${modality} row ${item?.row ?? "?"}`;
      return shortened(words);
    }
    return null;
  } finally {
    await file.close();
  }
}

function shortened(words: string): string {
  return words.length > longest ? `${words.slice(0, longest - 1)}…` : words;
}
