/**
 * The system's BLAS: c (m x n) = a (m x k) · b (n x k)ᵀ, or with BY_COLUMNS in `mode`
 * a (k x m)ᵀ · b (k x n); with LOWER_HALF, where a is b and m = n, what lies right of the diagonal
 * need not be computed. Addresses in bytes, each with the numbers between its rows.
 */
@external("blas", "product")
export declare function blasProduct(
  mode: u32,
  m: u32,
  n: u32,
  k: u32,
  a: usize,
  lda: u32,
  b: usize,
  ldb: u32,
  c: usize,
  ldc: u32,
): void;
