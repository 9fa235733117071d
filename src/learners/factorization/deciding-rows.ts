/** The rows whose L0 decides about a penalty: prepared, drawn from those held out, or else trained on. */
import type { JointRows } from "../joint-rows.ts";
import { prepareRows } from "../preparation.ts";
import type { LearnedFrom } from "./finished.ts";
import { searchPositions } from "./sparsity-target.ts";

export async function decidingRows(
  source: JointRows,
  { split, preparation }: LearnedFrom,
  seed: number,
): Promise<{ readonly values: Float32Array<ArrayBuffer>; readonly rows: number }> {
  const candidates = split.heldOut.length > 0 ? split.heldOut : split.train;
  const numbers = searchPositions(candidates.length, seed).map((position) => candidates[position]);
  const values = new Float32Array(numbers.length * source.columns);
  await source.gather(numbers, values);
  prepareRows(preparation, source, numbers, values);
  return { values, rows: numbers.length };
}
