/** sgemm of the system's BLAS: c (m x n, leading ldc) = a (m x k) · b (n x k)ᵀ; addresses in bytes. */
@external("blas", "product")
export declare function blasProduct(m: u32, n: u32, k: u32, a: usize, b: usize, c: usize, ldc: u32): void;
