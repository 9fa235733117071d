/** From one row per token to one row per input, where a network does not do it itself. */

export type Pooling = "first" | "last" | "mean" | "end";

interface Tokens {
  /** Token numbers of every text, without padding. */
  readonly numbers: readonly Int32Array[];
  readonly end: number | null;
}

/**
 * `data` is inputs x tokens x d. Without `tokens` (pictures) all positions count; with them the mean
 * leaves padding out, and `end` takes the first token equal to `tokens.end`, the first token without one.
 */
export function poolRows(
  data: Float32Array,
  positions: number,
  dimension: number,
  pooling: Pooling,
  tokens?: Tokens,
): Float32Array {
  const count = data.length / (positions * dimension);
  const out = new Float32Array(count * dimension);
  for (let row = 0; row < count; row++) {
    const begin = row * positions * dimension;
    const numbers = tokens?.numbers[row];
    if (pooling === "mean") {
      const used = Math.min(positions, numbers?.length ?? positions);
      for (let i = 0; i < dimension; i++) {
        let sum = 0;
        for (let p = 0; p < used; p++) sum += data[begin + p * dimension + i];
        out[row * dimension + i] = used > 0 ? sum / used : 0;
      }
    } else {
      const at = begin + position(pooling, positions, numbers, tokens?.end ?? null) * dimension;
      out.set(data.subarray(at, at + dimension), row * dimension);
    }
  }
  return out;
}

function position(
  pooling: Exclude<Pooling, "mean">,
  positions: number,
  numbers: Int32Array | undefined,
  end: number | null,
): number {
  if (pooling === "first") return 0;
  if (pooling === "last") return positions - 1;
  return Math.max(0, end === null ? -1 : (numbers?.indexOf(end) ?? -1));
}
