/**
 * Whether rows vary at all: the sum `spread` of their squared distances from their mean against
 * the sum `squares` of their squares. One row, or equal rows, leave rounding there and nothing else.
 */
export function hasVariance(spread: number, squares: number): boolean {
  return spread > 1e-12 * squares;
}
