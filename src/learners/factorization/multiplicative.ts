/**
 * Multiplicative updates: every entry of a non-negative factor is scaled by what pulls it up over
 * what pushes it down, so that none changes its sign and the error never grows.
 *
 * Lee & Seung (2001) for non-negative rows: Z ← Z ∘ XDᵀ / ZDDᵀ, D ← D ∘ ZᵀX / ZᵀZD.
 * Ding, Li & Jordan (2010) for signed ones: Z ← Z ∘ √((Q⁺ + ZG⁻) / (Q⁻ + ZG⁺)), Q = XDᵀ, G = DDᵀ.
 */
import { transpose } from "../../linalg/transpose.ts";
import type { Factors } from "./factors.ts";

/** What keeps a quotient of two nothings from being NaN. */
export const nothing = 1.1920929e-7;

/** One update of Z for non-negative rows and atoms. */
export async function scaleCodes(factors: Factors): Promise<void> {
  const { backend } = factors;
  const c = factors.shape.concepts;
  const above = backend.floats(factors.blockRows * c);
  try {
    await factors.turnCodes(async ({ rows, correlations, gram, codes }) => {
      await backend.product({ a: codes, b: gram, out: above, m: rows, n: c, k: c });
      await backend.rescale({ values: codes, along: correlations, above, length: rows * c, root: false });
    });
  } finally {
    backend.free(above);
  }
}

/** One update of D for non-negative rows and codes; gives Σ(x − x̂)² afterwards. */
export async function scaleAtoms(factors: Factors): Promise<number> {
  const { width: w, concepts: c } = factors.shape;
  const { backend, along, shared } = factors;
  const [atoms, towards, above, gram] = [w * c, w * c, w * c, c * c].map((length) => backend.floats(length));
  try {
    backend.write(atoms, transpose(factors.atoms, c, w));
    backend.write(towards, along);
    backend.write(gram, shared);
    await backend.product({ a: atoms, b: gram, out: above, m: w, n: c, k: c });
    await backend.rescale({ values: atoms, along: towards, above, length: w * c, root: false });
    factors.atoms = transpose(await backend.read(atoms), w, c);
  } finally {
    backend.free(atoms, towards, above, gram);
  }
  return factors.squaredError();
}

/** One update of Z for signed rows and atoms. No entry becomes exactly 0 (as in overcomplete). */
export async function scaleCodesOfSigned(factors: Factors): Promise<void> {
  const { backend, blockRows } = factors;
  const c = factors.shape.concepts;
  const parts = [backend.floats(c * c), backend.floats(c * c)] as const;
  const [above, below] = [backend.floats(blockRows * c), backend.floats(blockRows * c)];
  try {
    await factors.turnCodes(
      async ({ rows, correlations: along, codes }) => {
        await backend.product({ a: codes, b: parts[0], out: above, m: rows, n: c, k: c });
        await backend.product({ a: codes, b: parts[1], out: below, m: rows, n: c, k: c });
        await backend.rescale({ values: codes, along, above, below, length: rows * c, root: true });
      },
      (gram) => {
        const partOf = (sign: number): Float32Array => gram.map((value) => Math.max(0, sign * value));
        backend.write(parts[0], partOf(1));
        backend.write(parts[1], partOf(-1));
      },
    );
  } finally {
    backend.free(...parts, above, below);
  }
}
