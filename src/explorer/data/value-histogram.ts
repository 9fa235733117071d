/** How many concepts lie where on a scale: all of them, and those that pass the filters. */
import type { ValueScale } from "./value-scale.ts";

export interface ValueHistogram {
  /** Counts in equal steps of the scale. */
  all: Uint32Array;
  shown: Uint32Array;
  /** Values between the steps, one more. */
  bounds: number[];
}

/** `counts` says which concepts count at all; `passes` is 1 for those that are shown. */
export function valueHistogram(
  values: Float64Array,
  scale: ValueScale,
  bins: number,
  counts: (concept: number) => boolean,
  passes: Uint8Array | null,
): ValueHistogram {
  const all = new Uint32Array(bins);
  const shown = new Uint32Array(bins);
  for (let j = 0; j < values.length; j++) {
    const position = scale.positionOf(values[j]!);
    if (Number.isNaN(position) || !counts(j)) continue;
    const bin = Math.min(bins - 1, Math.floor(position * bins));
    all[bin]!++;
    if (passes === null || passes[j] === 1) shown[bin]!++;
  }
  return { all, shown, bounds: Array.from({ length: bins + 1 }, (_, i) => scale.at(i / bins)) };
}
