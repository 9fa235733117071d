/**
 * What the symmetric eigenproblem spends its time on, in float64 on one thread: Householder reduction
 * to tridiagonal form, reflections back, and inner products with rows found before. All arguments are
 * byte addresses; matrices are row-major. The module has a memory of its own.
 */
export { tridiagonalise } from "./tridiagonalise";
export { reflectRows } from "./reflect";
export { takeOut } from "./take-out";
