/** history.parquet of a dictionary: every value that was logged while it was trained, by column. */
import { studyLayout } from "../../protocol/study-layout.ts";
import type { DataSource } from "./data-source.ts";
import { ParquetTable, numbers } from "./parquet-table.ts";

export interface TrainingHistory {
  readonly name: string;
  /** NaN where a moment did not log it. */
  readonly columns: ReadonlyMap<string, Float64Array>;
}

export type ReadHistory = (dictionary: string) => Promise<TrainingHistory>;

/** Each read once; a method that logs nothing has no columns. */
export function trainingHistories(source: DataSource): ReadHistory {
  const known = new Map<string, Promise<TrainingHistory>>();
  return (name) => {
    const history = known.get(name) ?? read(source, name);
    history.catch(() => known.delete(name));
    known.set(name, history);
    return history;
  };
}

async function read(source: DataSource, name: string): Promise<TrainingHistory> {
  const table = await ParquetTable.open(source, `study/${studyLayout.dictionary(name).history}`);
  const columns = table.rows === 0 ? [] : table.numericNames;
  const values = columns.length === 0 ? [] : await table.read(columns);
  return { name, columns: new Map(columns.map((column, i) => [column, numbers(values[i]!)])) };
}
