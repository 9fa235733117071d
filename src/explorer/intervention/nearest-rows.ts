/** The rows nearest to one, by cosine. */

export interface NearRow {
  /** Row of the set. */
  readonly row: number;
  readonly cosine: number;
}

/**
 * `query` (d) and the rows of `unit` (n x d) are units; `rowOf` names the rows, of which only the places
 * `counted` are looked at, and `not` is left out. Nearest first, equal ones by row.
 */
export function nearestRows(
  query: Float32Array,
  unit: Float32Array,
  rowOf: Uint32Array,
  counted: Uint32Array,
  not: number | null,
  most: number,
): NearRow[] {
  const d = query.length;
  const found: NearRow[] = [];
  for (const place of counted) {
    const row = rowOf[place]!;
    if (row === not) continue;
    let cosine = 0;
    for (let q = 0, at = place * d; q < d; q++, at++) cosine += query[q]! * unit[at]!;
    const last = found.at(-1);
    if (found.length >= most && last !== undefined && !isBefore({ row, cosine }, last)) continue;
    let at = found.length;
    while (at > 0 && isBefore({ row, cosine }, found[at - 1]!)) at--;
    found.splice(at, 0, { row, cosine });
    if (found.length > most) found.pop();
  }
  return found;
}

function isBefore(a: NearRow, b: NearRow): boolean {
  return a.cosine > b.cosine || (a.cosine === b.cosine && a.row < b.row);
}
