/** Why a row that a tower gave cannot be in a set; null where it can. The row begins at number `at`. */
export function rowProblem(rows: Float32Array, at: number, dimension: number): string | null {
  // Squares of float32 do not overflow float64.
  let squares = 0;
  for (let i = at; i < at + dimension; i++) squares += rows[i] * rows[i];
  if (!Number.isFinite(squares)) return "its embedding holds NaN or infinities";
  return squares === 0 ? "its embedding is all zero" : null;
}
