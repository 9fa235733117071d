/** Codes of chosen rows from analysis/codes.safetensors: the whole file where it is short, else these rows alone. */
import { badInput } from "../../base/errors.ts";
import type { SparseCodes } from "../../base/sparse-codes.ts";
import type { ByteSource } from "../../formats/byte-source.ts";
import { readBytes } from "../../formats/byte-source.ts";
import { readSafetensorsHeader, type TensorEntry } from "../../formats/safetensors.ts";
import { gatherCodes } from "../../metrics/coactivation.ts";
import { conceptActivity } from "../../metrics/concept-activity.ts";
import { meanCode } from "../../metrics/energy.ts";
import type { DataSource } from "../data/data-source.ts";
import type { Modality } from "../data/dictionary-tables.ts";
import { rangedFile } from "../data/ranged-file.ts";

type Both<T> = Readonly<Record<Modality, T>>;

/** Bytes of a file that is read whole: 8 million activations. */
const shortFile = 64 << 20;
/** Rows that lie so many entries apart are read together, but not more than so many entries at once. */
const nearby = 4096;
const mostEntries = 1 << 20;
const atOnce = 6;

export interface ReadCodes {
  readonly codes: Both<SparseCodes>;
  /** E[z], c each: over all rows where the file was read whole, else over the chosen ones. */
  readonly meanCodes: Both<Float64Array<ArrayBuffer>>;
  readonly whole: boolean;
}

export async function readCodes(
  source: DataSource,
  path: string,
  {
    concepts,
    imageRows,
    textRows,
  }: { readonly concepts: number; readonly imageRows: number; readonly textRows: number },
  wanted: Both<Uint32Array>,
  mostBytes = shortFile,
): Promise<ReadCodes> {
  const file = await rangedFile(source, path);
  const { tensors } = await readSafetensorsHeader(file);
  const tensor = (name: string, dtype: TensorEntry["dtype"]): TensorEntry => {
    const entry = tensors.get(name);
    if (entry?.dtype === dtype) return entry;
    throw badInput(`${path} holds no ${name} of ${dtype}: run \`viaduct analyze\` again`);
  };
  const places = {
    starts: tensor("row_start", "U32"),
    concept: tensor("concept", "U32"),
    value: tensor("value", "F32"),
  };
  const rowStart = new Uint32Array(await words(file, places.starts, 0, places.starts.shape[0] ?? 0));
  if (rowStart.length !== imageRows + textRows + 1) {
    throw badInput(
      `${path} has codes of ${rowStart.length - 1} rows; expected ${imageRows + textRows}: run \`viaduct analyze\` again`,
    );
  }
  const rows = { image: wanted.image, text: wanted.text.map((row) => imageRows + row) };
  if (8 * rowStart.at(-1)! > mostBytes) {
    const some = await readSome(file, places, rowStart, concepts, rows);
    return { codes: some, meanCodes: meansOf(some), whole: false };
  }
  const entries = rowStart.at(-1)!;
  const [concept, value] = await Promise.all([
    words(file, places.concept, 0, entries),
    words(file, places.value, 0, entries),
  ]);
  const all = { concepts, concept: new Uint32Array(concept), value: new Float32Array(value) };
  const whole = { rows: rowStart.length - 1, rowStart, ...all };
  return {
    codes: { image: compact(gatherCodes(whole, rows.image)), text: compact(gatherCodes(whole, rows.text)) },
    meanCodes: meansOf({
      image: part(whole, 0, imageRows),
      text: part(whole, imageRows, imageRows + textRows),
    }),
    whole: true,
  };
}

interface CodePlaces {
  readonly concept: TensorEntry;
  readonly value: TensorEntry;
}

/** In requests of rows that lie near each other. */
async function readSome(
  file: ByteSource,
  places: CodePlaces,
  rowStart: Uint32Array,
  concepts: number,
  rows: Both<Uint32Array>,
): Promise<Both<SparseCodes>> {
  const sorted = Uint32Array.from(new Set([...rows.image, ...rows.text])).sort();
  const runs: [from: number, to: number][] = [];
  for (const row of sorted) {
    const last = runs.at(-1);
    const [from, to] = [rowStart[row]!, rowStart[row + 1]!];
    if (last !== undefined && from - last[1] <= nearby && to - last[0] <= mostEntries) last[1] = to;
    else runs.push([from, to]);
  }
  const blocks = new Array<{ from: number; concept: Uint32Array; value: Float32Array }>(runs.length);
  let next = 0;
  const work = async (): Promise<void> => {
    while (next < runs.length) {
      const at = next++;
      const [from, to] = runs[at]!;
      const [concept, value] = await Promise.all([
        words(file, places.concept, from, to),
        words(file, places.value, from, to),
      ]);
      blocks[at] = { from, concept: new Uint32Array(concept), value: new Float32Array(value) };
    }
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  const gather = (wanted: Uint32Array): SparseCodes => {
    const start = new Uint32Array(wanted.length + 1);
    wanted.forEach((row, i) => (start[i + 1] = start[i]! + rowStart[row + 1]! - rowStart[row]!));
    const concept = new Uint32Array(start.at(-1)!);
    const value = new Float32Array(start.at(-1)!);
    wanted.forEach((row, i) => {
      const from = rowStart[row]!;
      const block = blocks[lastFrom(blocks, from)]!;
      const [low, high] = [from - block.from, rowStart[row + 1]! - block.from];
      concept.set(block.concept.subarray(low, high), start[i]);
      value.set(block.value.subarray(low, high), start[i]);
    });
    return { rows: wanted.length, concepts, rowStart: start, concept, value };
  };
  return { image: gather(rows.image), text: gather(rows.text) };
}

/** The last block that begins at or before `entry`. */
function lastFrom(blocks: readonly { from: number }[], entry: number): number {
  let [low, high] = [0, blocks.length - 1];
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (blocks[middle]!.from <= entry) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** Rows `from` to `to`. */
function part(codes: SparseCodes, from: number, to: number): SparseCodes {
  const start = codes.rowStart[from]!;
  return {
    rows: to - from,
    concepts: codes.concepts,
    rowStart: codes.rowStart.slice(from, to + 1).map((entry) => entry - start),
    concept: codes.concept.subarray(start, codes.rowStart[to]),
    value: codes.value.subarray(start, codes.rowStart[to]),
  };
}

/** Without the room that a gathering left. */
function compact(codes: SparseCodes): SparseCodes {
  return { ...codes, concept: codes.concept.slice(), value: codes.value.slice() };
}

function meansOf({ image, text }: Both<SparseCodes>): Both<Float64Array<ArrayBuffer>> {
  const of = (codes: SparseCodes): Float64Array<ArrayBuffer> =>
    Float64Array.from(meanCode(conceptActivity(codes)));
  return { image: of(image), text: of(text) };
}

/** Entries `start` to `end` of four bytes each. */
async function words(file: ByteSource, entry: TensorEntry, start: number, end: number): Promise<ArrayBuffer> {
  return (await readBytes(file, entry.offset + 4 * start, 4 * (end - start))).buffer;
}
