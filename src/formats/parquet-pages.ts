/**
 * The values of one float list column of a Parquet file, page by page: a page (about a megabyte)
 * is in memory at a time, where PyArrow and pandas make row groups of a million rows.
 */
import type { DecodedArray, FileMetaData, PageHeader, SchemaTree } from "hyparquet";
import type { ColumnDecoder } from "hyparquet/src/types.js";
import type { ByteSource } from "./byte-source.ts";
import { badInput } from "../base/errors.ts";
import { parquetSchema } from "hyparquet";
import { compressors } from "hyparquet-compressors";
import { parquetHeader } from "hyparquet/src/column.js";
import { convert, convertWithDictionary, DEFAULT_PARSERS } from "hyparquet/src/convert.js";
import { decompressPage, readDataPage, readDataPageV2 } from "hyparquet/src/datapage.js";
import { readPlain } from "hyparquet/src/plain.js";
import { getTreePath } from "hyparquet/src/schema.js";
import { readBytes } from "./byte-source.ts";

export interface Page {
  /** The numbers of the lists, one after the other. */
  readonly values: ArrayLike<number>;
  /** 0 where a list starts, 1 where it goes on; as long as `values`. */
  readonly levels: ArrayLike<number>;
}

/** The leaf of a column if it is a list of floating-point numbers. */
export function floatListLeaf(column: SchemaTree): SchemaTree | undefined {
  let repeated = 0;
  let node = column;
  for (;;) {
    if (node.element.repetition_type === "REPEATED") repeated++;
    if (node.children.length === 0) break;
    if (node.children.length > 1) return undefined;
    node = node.children[0];
  }
  const { type, logical_type: logical } = node.element;
  const float = type === "FLOAT" || type === "DOUBLE" || logical?.type === "FLOAT16";
  return float && repeated === 1 ? node : undefined;
}

/** Names of the columns that can be embeddings. */
export function floatListColumns(metadata: FileMetaData): string[] {
  return parquetSchema(metadata)
    .children.filter((child) => floatListLeaf(child) !== undefined)
    .map((child) => child.element.name);
}

/** Number type of a float list column. */
export function floatListType(metadata: FileMetaData, column: string): "float16" | "float32" | "float64" {
  const tree = parquetSchema(metadata).children.find((child) => child.element.name === column);
  const element = tree && floatListLeaf(tree)?.element;
  if (element?.type === "DOUBLE") return "float64";
  return element?.type === "FLOAT" ? "float32" : "float16";
}

/** Reads the pages of a column in one row group. */
export async function* columnPages(
  source: ByteSource,
  metadata: FileMetaData,
  column: string,
  group: number,
): AsyncGenerator<Page> {
  const chunk = metadata.row_groups[group].columns.find(
    (part) => part.meta_data?.path_in_schema[0] === column,
  );
  const meta = chunk?.meta_data;
  if (!meta)
    throw badInput(`${source.name} has no column "${column}" in row group ${group}; write the file again.`);
  const schemaPath = getTreePath(parquetSchema(metadata), meta.path_in_schema);
  const decoder: ColumnDecoder = {
    pathInSchema: meta.path_in_schema,
    type: meta.type,
    element: schemaPath[schemaPath.length - 1].element,
    schemaPath,
    codec: meta.codec,
    parsers: DEFAULT_PARSERS,
    compressors,
  };
  const first = meta.dictionary_page_offset ? meta.dictionary_page_offset : meta.data_page_offset;
  let position = Number(first < meta.data_page_offset ? first : meta.data_page_offset);
  const end = position + Number(meta.total_compressed_size);
  let dictionary: DecodedArray | undefined;
  while (position < end) {
    const { header, length } = await readHeader(source, position, end);
    const body = await readBytes(source, position + length, header.compressed_page_size);
    position += length + header.compressed_page_size;
    try {
      if (header.type === "DICTIONARY_PAGE") dictionary = dictionaryOf(body, header, decoder);
      else if (header.type !== "INDEX_PAGE") yield decodePage(body, header, decoder, dictionary);
    } catch (error) {
      throw badInput(
        `${source.name}: a page of column "${column}" cannot be read: ${(error as Error).message}; copy or write the file again.`,
        error,
      );
    }
  }
}

/** A header is rarely above a hundred bytes, but its statistics may be of any length. */
async function readHeader(
  source: ByteSource,
  position: number,
  end: number,
): Promise<{ header: PageHeader; length: number }> {
  for (let window = 1024; ; window *= 16) {
    const length = Math.min(window, end - position);
    const bytes = await readBytes(source, position, length);
    const reader = { view: new DataView(bytes.buffer), offset: 0 };
    try {
      const header = parquetHeader(reader);
      return { header, length: reader.offset };
    } catch (error) {
      if (length < end - position && window < 1 << 24) continue;
      throw badInput(
        `${source.name} has a damaged page header at byte ${position}; copy or write the file again.`,
        error,
      );
    }
  }
}

function dictionaryOf(body: Uint8Array, header: PageHeader, decoder: ColumnDecoder): DecodedArray {
  const page = decompressPage(body, header.uncompressed_page_size, decoder.codec, decoder.compressors);
  const reader = { view: new DataView(page.buffer, page.byteOffset, page.byteLength), offset: 0 };
  const values = readPlain(
    reader,
    decoder.type,
    header.dictionary_page_header?.num_values ?? 0,
    decoder.element.type_length,
  );
  return convert(values, decoder);
}

function decodePage(
  body: Uint8Array,
  header: PageHeader,
  decoder: ColumnDecoder,
  dictionary: DecodedArray | undefined,
): Page {
  const v1 = header.data_page_header;
  const v2 = header.data_page_header_v2;
  const encoding = v1?.encoding ?? v2?.encoding;
  if (encoding === undefined) throw new Error(`page type ${header.type}`);
  const { repetitionLevels, dataPage } = v1
    ? readDataPage(
        decompressPage(body, header.uncompressed_page_size, decoder.codec, decoder.compressors),
        v1,
        decoder,
      )
    : readDataPageV2(body, header, decoder);
  const values = convertWithDictionary(dataPage, dictionary, encoding, decoder) as ArrayLike<number>;
  if (values.length !== repetitionLevels.length) {
    throw new Error(`it holds missing values or empty lists; every row needs a full list of numbers`);
  }
  return { values, levels: repetitionLevels };
}
