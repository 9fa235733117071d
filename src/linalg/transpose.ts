/** The transpose (columns x rows) of a rows x columns matrix, copied in squares that fit a cache. */
const side = 32;

/** From row `start` on, `rows` rows of `x`; `out` takes columns·rows numbers. */
export function transposeInto(
  out: Float32Array,
  x: Float32Array,
  rows: number,
  columns: number,
  start = 0,
): void {
  for (let i0 = 0; i0 < rows; i0 += side) {
    const i1 = Math.min(rows, i0 + side);
    for (let j = 0; j < columns; j++) {
      for (let i = i0; i < i1; i++) out[j * rows + i] = x[(start + i) * columns + j];
    }
  }
}

export function transpose(x: Float32Array, rows: number, columns: number): Float32Array<ArrayBuffer> {
  const out = new Float32Array(rows * columns);
  transposeInto(out, x, rows, columns);
  return out;
}
