/** Which rows a run trains on and which it only evaluates. */
import { Random } from "../base/random.ts";
import type { RowSplit } from "./learner.ts";

/** round(share·n) rows drawn by the seed; both lists ascending, images first. */
export function splitRows(rows: number, share: number, seed: number): RowSplit {
  const heldOut = Math.round(share * rows);
  if (heldOut === 0) {
    return { heldOut: new Uint32Array(0), train: Uint32Array.from({ length: rows }, (_, i) => i) };
  }
  const order = Random.of(seed, "split").permutation(rows);
  return { heldOut: order.slice(0, heldOut).sort(), train: order.slice(heldOut).sort() };
}
