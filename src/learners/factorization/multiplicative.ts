/**
 * Multiplicative updates: every entry of a non-negative factor is scaled by what pulls it up over
 * what pushes it down, so that none changes its sign and the error never grows.
 *
 * Lee & Seung (2001) for non-negative rows: Z ← Z ∘ XDᵀ / ZDDᵀ, D ← D ∘ ZᵀX / ZᵀZD.
 * Ding, Li & Jordan (2010) for signed ones: Z ← Z ∘ √((Q⁺ + ZG⁻) / (Q⁻ + ZG⁺)), Q = XDᵀ, G = DDᵀ.
 */
import type { Backend, Floats } from "../../kernels/backend.ts";
import { transpose } from "../../linalg/transpose.ts";
import type { CodesBlock, Factors } from "./factors.ts";

/** What keeps a quotient of two nothings from being NaN. */
export const nothing = 1.1920929e-7;

/** No entry becomes exactly 0, so that it can grow again when the atoms have turned (as in overcomplete). */
const floor = 1e-8;

/** One update of Z for non-negative rows and atoms. */
export function scaleCodes(factors: Factors): Promise<void> {
  const { backend } = factors;
  const c = factors.shape.concepts;
  return factors.turnCodes(async ({ rows, correlations, gram, codes }) => {
    const up = await backend.read(correlations, 0, rows * c);
    const down = await times(backend, codes, gram, rows, c);
    const z = await backend.read(codes, 0, rows * c);
    for (let e = 0; e < z.length; e++) z[e] *= up[e] / (down[e] || nothing);
    backend.write(codes, z);
  });
}

/** One update of D for non-negative rows and codes; gives Σ(x − x̂)² afterwards. */
export async function scaleAtoms(factors: Factors): Promise<number> {
  const { width: w, concepts: c } = factors.shape;
  const { backend, atoms, along, shared } = factors;
  const [turned, gram] = [backend.floats(w * c), backend.floats(c * c)];
  backend.write(turned, transpose(atoms, c, w));
  backend.write(gram, shared);
  const down = await times(backend, turned, gram, w, c);
  backend.free(turned, gram);
  for (let j = 0; j < c; j++) {
    for (let t = 0; t < w; t++) atoms[j * w + t] *= along[t * c + j] / (down[t * c + j] || nothing);
  }
  return factors.squaredError();
}

/** A·M for A (rows x c) and a symmetric M (c x c), rows x c. */
async function times(
  backend: Backend,
  a: Floats,
  symmetric: Floats,
  rows: number,
  c: number,
): Promise<Float32Array> {
  const out = backend.floats(rows * c);
  await backend.product({ a, b: symmetric, out, m: rows, n: c, k: c });
  const result = await backend.read(out);
  backend.free(out);
  return result;
}

/** One update of Z for signed rows and atoms. */
export async function scaleCodesOfSigned(factors: Factors): Promise<void> {
  const { backend } = factors;
  const c = factors.shape.concepts;
  const part = backend.floats(c * c);
  const timesPart = async ({ rows, gram, codes }: CodesBlock, sign: number): Promise<Float32Array> => {
    const shared = await backend.read(gram);
    backend.write(
      part,
      shared.map((value) => Math.max(0, sign * value)),
    );
    return times(backend, codes, part, rows, c);
  };
  try {
    await factors.turnCodes(async (block) => {
      const along = await backend.read(block.correlations, 0, block.rows * c);
      const below = await timesPart(block, -1);
      const above = await timesPart(block, 1);
      const z = await backend.read(block.codes, 0, block.rows * c);
      for (let e = 0; e < z.length; e++) {
        const up = Math.max(0, along[e]) + below[e];
        const down = Math.max(0, -along[e]) + above[e];
        z[e] *= Math.sqrt(up / (down || nothing) + floor);
      }
      backend.write(block.codes, z);
    });
  } finally {
    backend.free(part);
  }
}
