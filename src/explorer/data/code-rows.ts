/** The codes of single rows, from analysis/codes.safetensors: image rows first, then text rows. */
import { badInput } from "../../base/errors.ts";
import { readBytes, type ByteSource } from "../../formats/byte-source.ts";
import {
  readSafetensorsHeader,
  type SafetensorsHeader,
  type TensorEntry,
} from "../../formats/safetensors.ts";
import { studyLayout } from "../../protocol/study-layout.ts";
import type { DataSource } from "./data-source.ts";
import type { Modality } from "./dictionary-tables.ts";
import { once } from "./once.ts";
import { rangedFile } from "./ranged-file.ts";

/** The active concepts of a row, in ascending order, and their activations. */
export interface RowCodes {
  concept: Uint32Array;
  value: Float32Array;
}

export class CodeRows {
  readonly #path: string;
  readonly #imageRows: number;
  readonly #file: () => Promise<{ file: ByteSource; header: SafetensorsHeader }>;
  readonly #kept = new Map<number, Promise<RowCodes>>();

  constructor(source: DataSource, dictionary: string, imageRows: number) {
    this.#path = `study/${studyLayout.dictionary(dictionary).analysis.codes}`;
    this.#imageRows = imageRows;
    this.#file = once(async () => {
      const file = await rangedFile(source, this.#path);
      return { file, header: await readSafetensorsHeader(file) };
    });
  }

  read(side: Modality, row: number): Promise<RowCodes> {
    const place = side === "image" ? row : this.#imageRows + row;
    const known = this.#kept.get(place);
    if (known !== undefined) return known;
    const codes = this.#read(place);
    this.#kept.set(place, codes);
    codes.catch(() => this.#kept.delete(place));
    return codes;
  }

  async #read(row: number): Promise<RowCodes> {
    const { file, header } = await this.#file();
    const [starts, concepts, values] = [
      this.#tensor(header, "row_start", "U32"),
      this.#tensor(header, "concept", "U32"),
      this.#tensor(header, "value", "F32"),
    ];
    if (row + 1 >= (starts.shape[0] ?? 0)) {
      throw badInput(`${this.#path} has no row ${row}: run \`viaduct analyze\` again`);
    }
    const place = await words(file, starts, row, row + 2);
    const [start = 0, end = 0] = new Uint32Array(place);
    const [concept, value] = await Promise.all([
      words(file, concepts, start, end),
      words(file, values, start, end),
    ]);
    return { concept: new Uint32Array(concept), value: new Float32Array(value) };
  }

  #tensor(header: SafetensorsHeader, name: string, dtype: TensorEntry["dtype"]): TensorEntry {
    const entry = header.tensors.get(name);
    if (entry?.dtype === dtype) return entry;
    throw badInput(`${this.#path} holds no ${name} of ${dtype}: run \`viaduct analyze\` again`);
  }
}

/** Entries `start` to `end` of four bytes each. */
async function words(file: ByteSource, entry: TensorEntry, start: number, end: number): Promise<ArrayBuffer> {
  return (await readBytes(file, entry.offset + 4 * start, 4 * (end - start))).buffer;
}
