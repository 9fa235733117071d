/** What each concept of a dictionary did over the whole embedding set. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { badInput } from "../../base/errors.ts";
import { readParquet } from "../../formats/parquet.ts";
import type { Backend } from "../../kernels/backend.ts";
import { encodeRows } from "../../learners/codes.ts";
import type { Dictionary } from "../../learners/dictionary.ts";
import { conceptActivity } from "../../metrics/concept-activity.ts";
import { energyPooled } from "../../metrics/energy.ts";
import { modalityScore } from "../../metrics/modality-score.ts";
import { openFile } from "../../platform/node/files/file-source.ts";
import { studyLayout } from "../../protocol/study-layout.ts";
import type { EmbeddingSet } from "../embedding-set.ts";

export interface ConceptStatistics {
  /** c: E[z] over all rows. */
  readonly energy: Float64Array;
  /** c: in [0, 1], 1 = images only; NaN for concepts that are never active. */
  readonly modalityScore: Float64Array;
}

export async function conceptStatistics(
  study: string,
  name: string,
  dictionary: Dictionary,
  set: EmbeddingSet,
  backend: Backend,
): Promise<ConceptStatistics> {
  const analysis = studyLayout.dictionary(name).analysis;
  if (existsSync(join(study, analysis.manifest))) return readStatistics(join(study, analysis.concepts));
  const { image, text } = set.embeddings;
  const ofImage = conceptActivity(await encodeRows(dictionary, image, "image", backend));
  const ofText = conceptActivity(await encodeRows(dictionary, text, "text", backend));
  return { energy: energyPooled(ofImage, ofText), modalityScore: modalityScore(ofImage, ofText) };
}

async function readStatistics(path: string): Promise<ConceptStatistics> {
  const columns = await readNumbers(path, ["energy", "modalityScore"]);
  return { energy: columns.energy, modalityScore: columns.modalityScore };
}

/** Columns of numbers of a Parquet table; NaN where a cell is empty. */
export async function readNumbers<const Name extends string>(
  path: string,
  names: readonly Name[],
): Promise<Readonly<Record<Name, Float64Array>>> {
  const file = await openFile(path);
  try {
    const table = await readParquet(file, { columns: names });
    const out: Partial<Record<Name, Float64Array>> = {};
    for (const name of names) {
      const cells = table.columns.get(name);
      if (cells === undefined) {
        throw badInput(
          `${path} has no column ${name}; it was made by another version, run viaduct analyze again`,
        );
      }
      out[name] = Float64Array.from(cells, (cell) => (typeof cell === "number" ? cell : NaN));
    }
    // Every name has just been given its column.
    return out as Record<Name, Float64Array>;
  } finally {
    await file.close();
  }
}
