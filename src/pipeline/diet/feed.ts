/** From a diet to the rows that a run learns from. */
import { badInput } from "../../base/errors.ts";
import { Random } from "../../base/random.ts";
import { selectRows, type SelectedRows } from "../../base/row-selection.ts";
import { modalities, type EmbeddingRows, type Modality } from "../../base/rows.ts";
import type { RowSplit } from "../../learners/learner.ts";
import type { DietRecord } from "../../protocol/study.ts";
import type { EmbeddingSet } from "../embedding-set.ts";
import type { Diet } from "./diet.ts";
import { readFileNames, rowsOfFiles } from "./file-names.ts";
import { drawnCounts, type Counts } from "./mixture.ts";
import { rowsWhere } from "./where.ts";

export interface Feed {
  readonly embeddings: EmbeddingRows;
  /** null: all rows of the set. */
  readonly record: DietRecord | null;
  /** The split of these rows in the numbers of the whole set. */
  inSet(split: RowSplit): RowSplit;
}

export async function feed(set: EmbeddingSet, diet: Diet | null): Promise<Feed> {
  if (diet === null) return { embeddings: set.embeddings, record: null, inSet: (split) => split };
  const { rows, files } = await candidates(set, diet);
  const shared = draw(rows, shareCounts(rows, diet.share), diet.drawSeed);
  const taken = draw(shared, drawnCounts(countsIn(shared), diet.mixture, diet.rows), diet.drawSeed);
  if (taken.image.length + taken.text.length === 0) {
    throw badInput("no row is left to learn from; ask for more rows, or a larger share");
  }
  const embeddings = selectRows(set.embeddings, taken);
  return {
    embeddings,
    record: {
      where: diet.where.map(({ column, values, negated }) => ({ column, values: [...values], negated })),
      files,
      share: diet.share,
      mixture: diet.mixture,
      rows: diet.rows,
      drawSeed: diet.drawSeed,
      image: taken.image.length,
      text: taken.text.length,
      pairs: embeddings.pairs.image.length,
    },
    inSet: ({ train, heldOut }) => {
      const images = taken.image.length;
      const number = (row: number): number =>
        row < images ? taken.image[row]! : set.embeddings.image.rows + taken.text[row - images]!;
      return { train: train.map(number), heldOut: heldOut.map(number) };
    },
  };
}

/** The rows that a mixture can be drawn from: those that fulfil all conditions, and their share. */
export async function rowsToDrawFrom(set: EmbeddingSet, diet: Diet): Promise<Counts> {
  return shareCounts((await candidates(set, diet)).rows, diet.share);
}

async function candidates(
  set: EmbeddingSet,
  diet: Diet,
): Promise<{ rows: SelectedRows; files: DietRecord["files"] }> {
  const { image, text } = set.embeddings;
  const kept = { image: new Uint8Array(image.rows).fill(1), text: new Uint8Array(text.rows).fill(1) };
  const narrow = (found: Readonly<Record<Modality, Uint8Array>>): void => {
    for (const modality of modalities) {
      found[modality].forEach((flag, row) => {
        if (flag === 0) kept[modality][row] = 0;
      });
    }
  };
  for (const condition of diet.where) narrow(await rowsWhere(set.items, condition));
  let files: DietRecord["files"] = null;
  if (diet.files !== null) {
    const list = await readFileNames(diet.files);
    narrow(await rowsOfFiles(set, diet.files, list));
    files = { list: diet.files, names: list.names.size, sha256: list.sha256 };
  }
  const rowsOf = (flags: Uint8Array): Uint32Array =>
    Uint32Array.from(flags.keys()).filter((row) => flags[row] === 1);
  const rows = { image: rowsOf(kept.image), text: rowsOf(kept.text) };
  if (rows.image.length + rows.text.length === 0) {
    throw badInput("no row fulfils all conditions; loosen where or files");
  }
  return { rows, files };
}

function countsIn(rows: SelectedRows): Counts {
  return { image: rows.image.length, text: rows.text.length };
}

function shareCounts(rows: SelectedRows, share: number | null): Counts {
  const { image, text } = countsIn(rows);
  return share === null
    ? { image, text }
    : { image: Math.round(share * image), text: Math.round(share * text) };
}

/** The first so many rows of a shuffle of each modality, ascending. */
function draw(rows: SelectedRows, counts: Counts, seed: number): SelectedRows {
  const drawn = (modality: Modality): Uint32Array => {
    const from = rows[modality];
    if (counts[modality] === from.length) return from;
    const order = Random.of(seed, `diet, ${modality} rows`).permutation(from.length);
    return order
      .subarray(0, counts[modality])
      .map((at) => from[at]!)
      .sort();
  };
  return { image: drawn("image"), text: drawn("text") };
}
