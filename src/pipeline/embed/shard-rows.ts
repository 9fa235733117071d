/** The rows of all shards as one matrix, each file opened only while it is read. */
import type { RowSource } from "../../base/rows.ts";
import { rowsOf } from "../../formats/matrix.ts";
import { npyMatrix } from "../../formats/npy.ts";
import { joinRows } from "../../formats/shards.ts";
import { openFile } from "../../platform/node/files/file-source.ts";

export interface RowFile {
  readonly path: string;
  readonly rows: number;
}

export function shardRows(files: readonly RowFile[], columns: number): RowSource {
  const filled = files.filter(({ rows }) => rows > 0);
  return joinRows(
    filled.map(({ path, rows }) => fileRows(path, rows, columns)),
    columns,
  );
}

function fileRows(path: string, rows: number, columns: number): RowSource {
  async function withFile(use: (source: RowSource) => Promise<void>): Promise<void> {
    const file = await openFile(path);
    try {
      await use(rowsOf(await npyMatrix(file)));
    } finally {
      await file.close();
    }
  }
  return {
    rows,
    columns,
    readRange: (start, count, out, offset) =>
      withFile((source) => source.readRange(start, count, out, offset)),
    gather: (indices, out, offset) => withFile((source) => source.gather(indices, out, offset)),
  };
}
