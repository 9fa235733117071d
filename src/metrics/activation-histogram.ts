/** Histogram of one concept's activations: counts in equal bins over (0, upper], the last one closed. */
import type { SparseColumns } from "../base/sparse-codes.ts";

/** Adds concept `concept`'s positive activations to `counts[offset … offset + bins)`. */
export function countActivations(
  columns: SparseColumns,
  concept: number,
  upper: number,
  counts: Uint32Array,
  offset: number,
  bins: number,
): void {
  for (let e = columns.conceptStart[concept]; e < columns.conceptStart[concept + 1]; e++) {
    const z = columns.value[e];
    if (z <= 0) continue;
    // Bin b holds (b·upper/bins, (b + 1)·upper/bins].
    const bin = Math.ceil((z / upper) * bins) - 1;
    counts[offset + Math.max(0, Math.min(bins - 1, bin))]++;
  }
}
