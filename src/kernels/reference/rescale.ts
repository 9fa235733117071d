/** Multiplicative updates, number by number. */
import type { Rescale } from "../backend.ts";
import { floatsOf } from "./tensors.ts";

/** What keeps a quotient of two nothings from being NaN. */
const nothing = 2 ** -23;
/** No number becomes exactly 0 under a root, so that it can grow again. */
const floor = 1e-8;

export function rescale({ values, along, above, below, length, root }: Rescale): void {
  const z = floatsOf(values);
  const a = floatsOf(along);
  const high = floatsOf(above);
  const low = below && floatsOf(below);
  for (let e = 0; e < length; e++) {
    const up = Math.max(0, a[e]) + (low?.[e] ?? 0);
    const down = Math.max(0, -a[e]) + high[e];
    const quotient = up / (down || nothing);
    z[e] *= root ? Math.sqrt(quotient + floor) : quotient;
  }
}
