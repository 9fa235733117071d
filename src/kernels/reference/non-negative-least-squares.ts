/**
 * min ½·zᵀGz − zᵀp over z ≥ 0 by the active-set method of Lawson & Hanson, "Solving Least Squares
 * Problems" (1974), chapter 23. Variables that depend linearly on those already free stay at 0.
 */

/** Least squared sine of the angle between an atom and the span of the others. */
const independent = 1e-6;
/** Least slope at which a variable leaves 0, as a share of the first right-hand side. */
const enough = 1e-7;

export function nonNegativeLeastSquares(gram: readonly number[][], p: readonly number[]): number[] {
  const n = p.length;
  let z = p.map(() => 0);
  const settled = new Set<number>();
  let free: number[] = [];
  for (let turn = 0; turn < 3 * n; turn++) {
    let entering = -1;
    let most = enough * p[0];
    for (let i = 0; i < n; i++) {
      if (free.includes(i) || settled.has(i)) continue;
      const slope = p[i] - z.reduce((sum, value, j) => sum + gram[i][j] * value, 0);
      if (slope > most) [entering, most] = [i, slope];
    }
    if (entering < 0) break;
    free.push(entering);
    for (;;) {
      const solution = solve(gram, p, free);
      if (!solution) {
        if (settled.has(entering)) break;
        settled.add(entering);
        free = free.filter((i) => i !== entering);
        continue;
      }
      const shares = free.map((i, f) => (solution[f] > 0 ? 1 : z[i] / (z[i] - solution[f])));
      const share = Math.min(1, ...shares);
      z = z.map((value, i) => (free.includes(i) ? value + share * (solution[free.indexOf(i)] - value) : 0));
      if (solution.every((value) => value > 0)) break;
      const leaving = free.filter((_, f) => !(solution[f] > 0) && shares[f] === share);
      for (const i of leaving) z[i] = 0;
      // It could only come back to leave again.
      if (leaving.includes(entering)) settled.add(entering);
      free = free.filter((i) => !leaving.includes(i));
    }
  }
  return z;
}

/** z_F of G_FF·z_F = p_F by Cholesky; null where G_FF is not positive definite. */
function solve(gram: readonly number[][], p: readonly number[], free: readonly number[]): number[] | null {
  const n = free.length;
  const lower = Array.from({ length: n }, () => new Float64Array(n));
  const z = new Array<number>(n).fill(0);
  for (let a = 0; a < n; a++) {
    for (let b = 0; b <= a; b++) {
      let sum = gram[free[a]][free[b]];
      for (let t = 0; t < b; t++) sum -= lower[a][t] * lower[b][t];
      if (a !== b) lower[a][b] = sum / lower[b][b];
      else if (sum > independent) lower[a][a] = Math.sqrt(sum);
      else return null;
    }
    let sum = p[free[a]];
    for (let t = 0; t < a; t++) sum -= lower[a][t] * z[t];
    z[a] = sum / lower[a][a];
  }
  for (let a = n - 1; a >= 0; a--) {
    for (let t = a + 1; t < n; t++) z[a] -= lower[t][a] * z[t];
    z[a] /= lower[a][a];
  }
  return z;
}
