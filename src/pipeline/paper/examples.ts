/** What a concept is called in a table: its own name, or the item that activates it most. */
import type { Modality } from "../../base/rows.ts";
import type { SparseCodes } from "../../base/sparse-codes.ts";
import { readConceptNames } from "../dictionary-folder.ts";
import type { PaperStudy } from "./experiment.ts";
import type { StudyRun } from "./runs.ts";

const longest = 80;

/**
 * The name that readers gave to a concept or that it was learned with; without one, the caption, or else the file, of the row
 * that activates it most; null when none does.
 */
export async function conceptWords(
  study: Pick<PaperStudy, "path" | "set">,
  run: Pick<StudyRun, "name">,
  codes: Readonly<Record<Modality, SparseCodes>>,
): Promise<(concept: number, modality: Modality) => Promise<string | null>> {
  const names = await readConceptNames(study.path, run.name);
  const top = { image: topRows(codes.image), text: topRows(codes.text) };
  return async (concept, modality) => {
    const given = names(concept)?.trim() ?? "";
    if (given !== "") return shortened(given);
    const row = top[modality][concept]!;
    if (row < 0) return null;
    const [item] = await study.set.items[modality].at([row]);
    return shortened(item?.caption ?? item?.file ?? `${modality} row ${row}`);
  };
}

/** c: the row with the largest activation of each concept; −1 where none is above zero. */
function topRows(codes: SparseCodes): Int32Array {
  const rows = new Int32Array(codes.concepts).fill(-1);
  const largest = new Float32Array(codes.concepts);
  for (let row = 0; row < codes.rows; row++) {
    for (let e = codes.rowStart[row]!; e < codes.rowStart[row + 1]!; e++) {
      const concept = codes.concept[e]!;
      if (codes.value[e]! <= largest[concept]!) continue;
      largest[concept] = codes.value[e]!;
      rows[concept] = row;
    }
  }
  return rows;
}

function shortened(words: string): string {
  return words.length > longest ? `${words.slice(0, longest - 1)}…` : words;
}
