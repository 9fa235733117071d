/**
 * How much of the rows is left after an intervention, as sums of squares that add up over rows: against
 * their embeddings (R²), and against what all concepts rebuilt.
 *   1 − Σ‖y − x̂′‖² / Σ‖y − ȳ‖², y the embeddings or the reconstructions before
 */
import { hasVariance } from "../../base/variance.ts";

export class KeptVariance {
  readonly #rows: Float32Array;
  readonly #lengths: Float64Array | null;
  readonly #dimension: number;
  readonly #counted: Uint32Array;
  readonly #errors: Float64Array;
  /** d: Σ y */
  readonly sum: Float64Array;
  /** Σ‖y‖² and Σ‖y − ȳ‖² */
  readonly squares: number;
  readonly spread: number;

  /**
   * `rows` (n x d), each times its `lengths` where given; `counted` are those that count, so that a text of
   * several pairs counts once.
   */
  constructor(rows: Float32Array, lengths: Float64Array | null, dimension: number, counted: Uint32Array) {
    this.#rows = rows;
    this.#lengths = lengths;
    this.#dimension = dimension;
    this.#counted = counted;
    this.#errors = new Float64Array(rows.length / dimension);
    const { squares, sum } = this.#sums();
    this.sum = sum;
    this.squares = squares;
    this.spread = spreadOf(squares, sum, counted.length);
  }

  get count(): number {
    return this.#counted.length;
  }

  #sums(): { squares: number; sum: Float64Array } {
    const d = this.#dimension;
    const sum = new Float64Array(d);
    let squares = 0;
    for (const row of this.#counted) {
      const length = this.#lengths?.[row] ?? 1;
      for (let q = 0; q < d; q++) {
        const value = this.#rows[row * d + q]! * length;
        squares += value * value;
        sum[q]! += value;
      }
    }
    return { squares, sum };
  }

  /** Takes the squared error of these rows anew; `unit` (n x d) times `lengthOf` are they now. */
  update(rows: Iterable<number>, unit: Float32Array, lengthOf: (row: number) => number): void {
    const d = this.#dimension;
    for (const row of rows) {
      const before = this.#lengths?.[row] ?? 1;
      const now = lengthOf(row);
      let error = 0;
      for (let at = row * d; at < (row + 1) * d; at++) {
        const difference = this.#rows[at]! * before - unit[at]! * now;
        error += difference * difference;
      }
      this.#errors[row] = error;
    }
  }

  get error(): number {
    let sum = 0;
    for (const row of this.#counted) sum += this.#errors[row]!;
    return sum;
  }
}

function spreadOf(squares: number, sum: Float64Array, count: number): number {
  return squares - sum.reduce((total, value) => total + value * value, 0) / Math.max(1, count);
}

/** Null where the rows do not vary. */
export function keptShare({
  error,
  spread,
  squares,
}: Pick<KeptVariance, "error" | "spread" | "squares">): number | null {
  return hasVariance(spread, squares) ? 1 - error / spread : null;
}

/** The same over the rows of both. */
export function keptShareOfBoth(a: KeptVariance, b: KeptVariance): number | null {
  const squares = a.squares + b.squares;
  const sum = a.sum.map((value, q) => value + b.sum[q]!);
  return keptShare({ error: a.error + b.error, squares, spread: spreadOf(squares, sum, a.count + b.count) });
}
