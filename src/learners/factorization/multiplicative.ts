/**
 * Multiplicative updates: every entry of a non-negative factor is scaled by what pulls it up over
 * what pushes it down, so that none changes its sign and the error never grows.
 *
 * Lee & Seung (2001) for non-negative rows: Z ← Z ∘ XDᵀ / ZDDᵀ, D ← D ∘ ZᵀX / ZᵀZD.
 * Ding, Li & Jordan (2010) for signed ones: Z ← Z ∘ √((Q⁺ + ZG⁻) / (Q⁻ + ZG⁺)), Q = XDᵀ, G = DDᵀ.
 */
import type { Factors } from "./factors.ts";

/** What keeps a quotient of two nothings from being NaN. */
export const nothing = 1.1920929e-7;

/** No entry becomes exactly 0, so that it can grow again when the atoms have turned (as in overcomplete). */
const floor = 1e-8;

/** One update of Z for non-negative rows and atoms. */
export async function scaleCodes(factors: Factors): Promise<void> {
  const { correlations, gram } = await factors.correlateCodes();
  const { backend } = factors;
  const up = await backend.read(correlations);
  const down = await factors.codesTimes(await backend.read(gram));
  const codes = await factors.codes();
  for (let e = 0; e < codes.length; e++) codes[e] *= up[e] / (down[e] || nothing);
  factors.setCodes(codes);
}

/** One update of D for non-negative rows and codes; gives Σ(x − x̂)² afterwards. */
export async function scaleAtoms(factors: Factors): Promise<number> {
  const { width: w, concepts: c } = factors.shape;
  const { backend } = factors;
  const { correlations, gram } = await factors.correlateAtoms();
  const up = await backend.read(correlations);
  const atoms = await factors.atoms();
  const down = await times(factors, await backend.read(gram), atoms);
  for (let j = 0; j < c; j++) {
    for (let t = 0; t < w; t++) atoms[j * w + t] *= up[t * c + j] / (down[t * c + j] || nothing);
  }
  factors.setAtoms(atoms);
  return factors.squaredError();
}

/** Dᵀ·M for a symmetric M (c x c), w x c. */
async function times(factors: Factors, symmetric: Float32Array, atoms: Float32Array): Promise<Float32Array> {
  const { width: w, concepts: c } = factors.shape;
  const { backend } = factors;
  const [a, b, out] = [backend.floats(w * c), backend.floats(c * c), backend.floats(w * c)];
  const turned = new Float32Array(w * c);
  for (let j = 0; j < c; j++) for (let t = 0; t < w; t++) turned[t * c + j] = atoms[j * w + t];
  backend.write(a, turned);
  backend.write(b, symmetric);
  await backend.product({ a, b, out, m: w, n: c, k: c });
  const result = await backend.read(out);
  backend.free(a, b, out);
  return result;
}

/** One update of Z for signed rows and atoms. */
export async function scaleCodesOfSigned(factors: Factors): Promise<void> {
  const { correlations, gram } = await factors.correlateCodes();
  const { backend } = factors;
  const along = await backend.read(correlations);
  const shared = await backend.read(gram);
  const below = await factors.codesTimes(shared.map((value) => Math.max(0, -value)));
  const above = await factors.codesTimes(shared.map((value) => Math.max(0, value)));
  const codes = await factors.codes();
  for (let e = 0; e < codes.length; e++) {
    const up = Math.max(0, along[e]) + below[e];
    const down = Math.max(0, -along[e]) + above[e];
    codes[e] *= Math.sqrt(up / (down || nothing) + floor);
  }
  factors.setCodes(codes);
}
