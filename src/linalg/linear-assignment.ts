/**
 * Linear assignment: every row of the smaller side gets a column of its own so that the total cost
 * is least. Shortest augmenting paths after Jonker & Volgenant, "A shortest augmenting path
 * algorithm for dense and sparse linear assignment problems", Computing 38 (1987): column
 * reduction, augmenting row reduction, then one Dijkstra search per row that is still free.
 */
import { badInput } from "../base/errors.ts";

export interface AssignmentOptions {
  /** Looks for the largest total instead. Default false. */
  readonly maximize?: boolean;
}

export interface Assignment {
  /** rows: the column of each row, −1 where columns are fewer than rows and the row got none. */
  readonly columnOf: Int32Array;
  /** Sum of the chosen entries of the matrix as given. */
  readonly total: number;
}

type Matrix = Float32Array | Float64Array;

/** `cost` is rows x columns, row-major; an infinite entry forbids its pair (+∞, or −∞ to maximize). */
export function assign(
  cost: Matrix,
  rows: number,
  columns: number,
  options: AssignmentOptions = {},
): Assignment {
  if (cost.length !== rows * columns)
    throw badInput(`assignment: found ${cost.length} costs, expected ${rows} x ${columns}`);
  const { maximize = false } = options;
  const forbidden = prohibits(cost, columns, maximize);
  const wide = rows <= columns;
  const work = wide ? (maximize ? negated(cost) : cost) : transposed(cost, rows, columns, maximize);
  const solution = solve(work, wide ? rows : columns, wide ? columns : rows, forbidden);
  const columnOf = wide ? solution : inverse(solution, rows);
  let total = 0;
  for (let i = 0; i < rows; i++) if (columnOf[i] >= 0) total += cost[i * columns + columnOf[i]];
  return { columnOf, total };
}

/** Whether some pair is forbidden; refuses what is no cost. */
function prohibits(cost: Matrix, columns: number, maximize: boolean): boolean {
  const barrier = maximize ? -Infinity : Infinity;
  let found = false;
  for (let e = 0; e < cost.length; e++) {
    const value = cost[e];
    if (value - value === 0) continue;
    if (value !== barrier)
      throw badInput(
        `assignment: found ${value} at row ${Math.floor(e / columns)}, column ${e % columns}, expected a finite cost or ${barrier} for a forbidden pair`,
      );
    found = true;
  }
  return found;
}

function negated(cost: Matrix): Matrix {
  const out = new (cost instanceof Float32Array ? Float32Array : Float64Array)(cost.length);
  for (let e = 0; e < cost.length; e++) out[e] = -cost[e];
  return out;
}

function transposed(cost: Matrix, rows: number, columns: number, negate: boolean): Matrix {
  const out = cost.slice();
  const sign = negate ? -1 : 1;
  for (let i = 0; i < rows; i++)
    for (let j = 0; j < columns; j++) out[j * rows + i] = sign * cost[i * columns + j];
  return out;
}

function inverse(columnOf: Int32Array, length: number): Int32Array {
  const out = new Int32Array(length).fill(-1);
  columnOf.forEach((j, i) => {
    out[j] = i;
  });
  return out;
}

/** n ≤ m. Column prices v stay ≤ 0 and are 0 for free columns, which is what optimality needs when n < m. */
function solve(cost: Matrix, n: number, m: number, forbidden: boolean): Int32Array {
  const columnOf = new Int32Array(n).fill(-1);
  const rowOf = new Int32Array(m).fill(-1);
  const price = new Float64Array(m);
  // Prices lowered by an infinite second-best would be lost, so forbidden pairs go straight to the search.
  if (!forbidden) {
    if (n === m) reduceColumns(cost, n, columnOf, rowOf, price);
    reduceRows(cost, n, m, columnOf, rowOf, price);
  }
  augment(cost, n, m, columnOf, rowOf, price);
  return columnOf;
}

/** Prices every column at its least cost and gives it to that row when the row is free. */
function reduceColumns(
  cost: Matrix,
  n: number,
  columnOf: Int32Array,
  rowOf: Int32Array,
  price: Float64Array,
): void {
  const least = new Int32Array(n);
  for (let j = 0; j < n; j++) price[j] = cost[j];
  for (let i = 1; i < n; i++) {
    const at = i * n;
    for (let j = 0; j < n; j++) {
      const value = cost[at + j];
      if (value < price[j]) {
        price[j] = value;
        least[j] = i;
      }
    }
  }
  const claims = new Int32Array(n);
  for (let j = n - 1; j >= 0; j--) {
    const i = least[j];
    if (++claims[i] > 1) continue;
    columnOf[i] = j;
    rowOf[j] = i;
  }
  // Reduction transfer: a row that only one column wanted passes its slack on to that column's price.
  for (let i = 0; i < n; i++) {
    if (claims[i] !== 1) continue;
    const own = columnOf[i];
    const at = i * n;
    let slack = Infinity;
    for (let j = 0; j < n; j++) {
      if (j === own) continue;
      const reduced = cost[at + j] - price[j];
      if (reduced < slack) slack = reduced;
    }
    if (slack !== Infinity) price[own] -= slack;
  }
}

/** Columns remembered for each row in the row reduction. */
const remembered = 32;
/** Passes of row reduction; with remembered columns they cost little, and each leaves fewer searches. */
const passes = 32;

/**
 * Each free row takes its cheapest column, lowers that column's price, and the row put out tries
 * next. Prices only fall here, so reduced costs only rise: the cheapest columns of a row at one
 * moment hold its best and second best as long as both stay below the dearest of them, and the row
 * has to be read again only when they do not.
 */
function reduceRows(
  cost: Matrix,
  n: number,
  m: number,
  columnOf: Int32Array,
  rowOf: Int32Array,
  price: Float64Array,
): void {
  if (m < 2) return;
  const kept = Math.min(remembered, m);
  const cheapest = new Int32Array(n * kept);
  const bound = new Float64Array(n).fill(-Infinity);
  const reduced = new Float64Array(kept);
  // Rounding can make rows put each other out for ever; the search below finishes what is left.
  let reads = 6 * n;
  let steps = 400 * n;
  for (let pass = 0; pass < passes; pass++) {
    const free: number[] = [];
    for (let i = 0; i < n; i++) if (columnOf[i] < 0) free.push(i);
    if (free.length === 0) return;
    for (let next = 0; next < free.length; steps--) {
      const i = free[next++];
      const at = i * m;
      const from = i * kept;
      let best = Infinity;
      let second = Infinity;
      let j1 = -1;
      let j2 = -1;
      for (let fresh = false; ; fresh = true) {
        best = second = Infinity;
        for (let e = 0; e < kept && bound[i] !== -Infinity; e++) {
          const j = cheapest[from + e];
          const h = cost[at + j] - price[j];
          if (h < best) {
            second = best;
            j2 = j1;
            best = h;
            j1 = j;
          } else if (h < second) {
            second = h;
            j2 = j;
          }
        }
        if (second <= bound[i] || fresh) break;
        if (reads-- <= 0) return;
        bound[i] = rememberCheapest(cost, at, m, price, cheapest, from, kept, reduced);
      }
      if (steps <= 0) return;
      let out = rowOf[j1];
      const before = price[j1];
      price[j1] = before - (second - best);
      const lowered = price[j1] < before;
      if (!lowered && out >= 0) {
        j1 = j2;
        out = rowOf[j2];
      }
      columnOf[i] = j1;
      rowOf[j1] = i;
      if (out < 0) continue;
      columnOf[out] = -1;
      // A row put out by a strictly lower price can still win now; without that it waits.
      if (lowered) free[--next] = out;
    }
  }
}

/** Writes the columns of a row's smallest reduced costs to `out`; returns the largest of those. */
function rememberCheapest(
  cost: Matrix,
  at: number,
  m: number,
  price: Float64Array,
  out: Int32Array,
  from: number,
  kept: number,
  reduced: Float64Array,
): number {
  let size = 0;
  let worst = Infinity;
  for (let j = 0; j < m; j++) {
    const h = cost[at + j] - price[j];
    if (size === kept && h >= worst) continue;
    let place = size < kept ? size++ : kept - 1;
    for (; place > 0 && reduced[place - 1] > h; place--) {
      reduced[place] = reduced[place - 1];
      out[from + place] = out[from + place - 1];
    }
    reduced[place] = h;
    out[from + place] = j;
    worst = reduced[size - 1];
  }
  return size < m ? worst : Infinity;
}

/** Dijkstra from every free row over reduced costs; columns lie in `list` as done, at the minimum, open. */
function augment(
  cost: Matrix,
  n: number,
  m: number,
  columnOf: Int32Array,
  rowOf: Int32Array,
  price: Float64Array,
): void {
  const distance = new Float64Array(m);
  const from = new Int32Array(m);
  const list = new Int32Array(m);
  for (let start = 0; start < n; start++) {
    if (columnOf[start] >= 0) continue;
    const base = start * m;
    for (let j = 0; j < m; j++) {
      distance[j] = cost[base + j] - price[j];
      from[j] = start;
      list[j] = j;
    }
    let low = 0;
    let up = 0;
    let done = 0;
    let minimum = 0;
    let end = -1;
    while (end < 0) {
      if (up === low) {
        done = low;
        minimum = distance[list[up++]];
        for (let k = up; k < m; k++) {
          const j = list[k];
          const h = distance[j];
          if (h > minimum) continue;
          if (h < minimum) {
            up = low;
            minimum = h;
          }
          list[k] = list[up];
          list[up++] = j;
        }
        if (minimum === Infinity)
          throw badInput(
            `assignment: row ${start} cannot be matched, every arrangement uses a forbidden pair`,
          );
        for (let k = low; k < up; k++) {
          if (rowOf[list[k]] < 0) {
            end = list[k];
            break;
          }
        }
        if (end >= 0) break;
      }
      const j1 = list[low++];
      const i = rowOf[j1];
      const at = i * m;
      const h = cost[at + j1] - price[j1] - minimum;
      for (let k = up; k < m; k++) {
        const j = list[k];
        const reached = cost[at + j] - price[j] - h;
        if (reached >= distance[j]) continue;
        from[j] = i;
        if (reached <= minimum) {
          if (rowOf[j] < 0) {
            end = j;
            break;
          }
          list[k] = list[up];
          list[up++] = j;
          distance[j] = minimum;
        } else distance[j] = reached;
      }
    }
    for (let k = 0; k < done; k++) price[list[k]] += distance[list[k]] - minimum;
    for (let j = end; ;) {
      const i = from[j];
      rowOf[j] = i;
      const next = columnOf[i];
      columnOf[i] = j;
      if (i === start) break;
      j = next;
    }
  }
}
