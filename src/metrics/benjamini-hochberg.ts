/**
 * Benjamini–Hochberg q-values (J. R. Stat. Soc. B 57, 1995): q of the k-th smallest p is the least
 * p_(l)·m/l over l ≥ k. `tested` = m may exceed the number of p-values; the others count as p = 1.
 */
export function benjaminiHochberg(p: Float64Array, tested = p.length): Float64Array {
  const order = Uint32Array.from({ length: p.length }, (_, e) => e);
  const sorted = p.slice().sort();
  const bySorted = order.sort((a, b) => p[a] - p[b] || a - b);
  const q = new Float64Array(p.length);
  let least = 1;
  for (let l = p.length - 1; l >= 0; l--) {
    least = Math.min(least, (sorted[l] * tested) / (l + 1));
    q[bySorted[l]] = least;
  }
  return q;
}
