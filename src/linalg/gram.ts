/**
 * Gram matrix XᵀX (d x d) of float32 rows X (n x d), summed in float64 so that small singular
 * values survive the squaring as far as they can.
 */
export function gram(x: Float32Array | Float64Array, rows: number, dimension: number): Float64Array {
  const d = dimension;
  const out = new Float64Array(d * d);
  let r = 0;
  for (; r + 4 <= rows; r += 4) {
    const r0 = r * d;
    const r1 = r0 + d;
    const r2 = r1 + d;
    const r3 = r2 + d;
    for (let i = 0; i < d; i++) {
      const a = x[r0 + i];
      const b = x[r1 + i];
      const c = x[r2 + i];
      const e = x[r3 + i];
      const at = i * d;
      for (let j = 0; j <= i; j++) {
        out[at + j] += a * x[r0 + j] + b * x[r1 + j] + c * x[r2 + j] + e * x[r3 + j];
      }
    }
  }
  for (; r < rows; r++) {
    const from = r * d;
    for (let i = 0; i < d; i++) {
      const a = x[from + i];
      for (let j = 0; j <= i; j++) out[i * d + j] += a * x[from + j];
    }
  }
  for (let i = 0; i < d; i++) for (let j = 0; j < i; j++) out[j * d + i] = out[i * d + j];
  return out;
}
