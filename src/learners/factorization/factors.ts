/**
 * X (n x w) ≈ Z·D on a backend: one factor moves while the other stays. The transposes that the
 * products need are kept beside the factors.
 */
import type { Backend, Floats } from "../../kernels/backend.ts";
import { choleskyInPlace, choleskySolve } from "../../linalg/cholesky.ts";

export interface FactorShape {
  /** n */
  readonly rows: number;
  /** w: dimensions, or twice as many where signs are split. */
  readonly width: number;
  /** c */
  readonly concepts: number;
}

export class Factors {
  readonly shape: FactorShape;
  readonly backend: Backend;
  /** Σ x² */
  readonly squares: number;
  readonly #x: Floats;
  readonly #xt: Floats;
  /** n x c and c x n */
  readonly #z: Floats;
  readonly #zt: Floats;
  /** c x w and w x c */
  readonly #d: Floats;
  readonly #dt: Floats;
  /** c x c: of the factor that stays. */
  readonly #gram: Floats;
  readonly #otherGram: Floats;
  /** n x c: XDᵀ; and w x c: XᵀZ. */
  readonly #xd: Floats;
  readonly #xz: Floats;

  constructor(
    backend: Backend,
    shape: FactorShape,
    x: Float32Array,
    start: { readonly codes: Float32Array; readonly atoms: Float32Array },
  ) {
    const { rows: n, width: w, concepts: c } = shape;
    this.backend = backend;
    this.shape = shape;
    this.#x = backend.floats(n * w);
    this.#xt = backend.floats(n * w);
    this.#z = backend.floats(n * c);
    this.#zt = backend.floats(n * c);
    this.#d = backend.floats(c * w);
    this.#dt = backend.floats(c * w);
    this.#gram = backend.floats(c * c);
    this.#otherGram = backend.floats(c * c);
    this.#xd = backend.floats(n * c);
    this.#xz = backend.floats(w * c);
    backend.write(this.#x, x);
    backend.write(this.#xt, transposed(x, n, w));
    this.setCodes(start.codes);
    this.setAtoms(start.atoms);
    let squares = 0;
    for (const value of x) squares += value * value;
    this.squares = squares;
  }

  /** Z, n x c */
  codes(): Promise<Float32Array<ArrayBuffer>> {
    return this.backend.read(this.#z);
  }

  setCodes(codes: Float32Array): void {
    this.backend.write(this.#z, codes);
  }

  /** D, c x w */
  atoms(): Promise<Float32Array<ArrayBuffer>> {
    return this.backend.read(this.#d);
  }

  setAtoms(atoms: Float32Array): void {
    const { width: w, concepts: c } = this.shape;
    this.backend.write(this.#d, atoms);
    this.backend.write(this.#dt, transposed(atoms, c, w));
  }

  /** XDᵀ (n x c) and DDᵀ for the codes' turn. */
  async correlateCodes(): Promise<{ readonly correlations: Floats; readonly gram: Floats }> {
    const { rows: n, width: w, concepts: c } = this.shape;
    await this.backend.product({ a: this.#x, b: this.#d, out: this.#xd, m: n, n: c, k: w });
    await this.backend.product({ a: this.#d, b: this.#d, out: this.#gram, m: c, n: c, k: w });
    return { correlations: this.#xd, gram: this.#gram };
  }

  /** XᵀZ (w x c) and ZᵀZ for the atoms' turn. */
  async correlateAtoms(): Promise<{ readonly correlations: Floats; readonly gram: Floats }> {
    const { rows: n, width: w, concepts: c } = this.shape;
    this.backend.write(this.#zt, transposed(await this.codes(), n, c));
    await this.backend.product({ a: this.#xt, b: this.#zt, out: this.#xz, m: w, n: c, k: n });
    await this.backend.product({ a: this.#zt, b: this.#zt, out: this.#gram, m: c, n: c, k: n });
    return { correlations: this.#xz, gram: this.#gram };
  }

  /** So many passes of coordinate descent over non-negative codes. */
  async descendCodes(sweeps = 1): Promise<void> {
    const { rows, concepts } = this.shape;
    const given = await this.correlateCodes();
    const problem = { codes: this.#z, rows, concepts, l1: 0, positive: true, until: { sweeps } };
    await this.backend.leastSquares({ ...given, ...problem });
  }

  /** The same for the atoms, which may be signed; gives Σ(x − x̂)² afterwards. */
  async descendAtoms(positive: boolean, sweeps = 1): Promise<number> {
    const { width: w, concepts } = this.shape;
    const given = await this.correlateAtoms();
    const problem = { codes: this.#dt, rows: w, concepts, l1: 0, positive, until: { sweeps } };
    await this.backend.leastSquares({ ...given, ...problem });
    this.backend.write(this.#d, transposed(await this.backend.read(this.#dt), w, concepts));
    return this.squaredError();
  }

  /** The least-squares D = (ZᵀZ)⁻¹ZᵀX, by Cholesky in float64; gives Σ(x − x̂)² afterwards. */
  async solveAtoms(): Promise<number> {
    const { width: w, concepts: c } = this.shape;
    const given = await this.correlateAtoms();
    const along = await this.backend.read(given.correlations);
    const factor = Float64Array.from(await this.backend.read(given.gram));
    let trace = 0;
    for (let j = 0; j < c; j++) trace += factor[j * c + j];
    // What float32 products cannot tell from 0 must not decide.
    for (let j = 0; j < c; j++) factor[j * c + j] += Math.max(1e-7 * trace, 1e-30);
    choleskyInPlace(factor, c);
    const atoms = new Float32Array(c * w);
    for (let t = 0; t < w; t++) {
      const column = choleskySolve(factor, c, Float64Array.from(along.subarray(t * c, (t + 1) * c)));
      for (let j = 0; j < c; j++) atoms[j * w + t] = column[j];
    }
    this.setAtoms(atoms);
    return this.squaredError();
  }

  /** Z·M for a symmetric M (c x c), n x c. */
  async codesTimes(symmetric: Float32Array): Promise<Float32Array> {
    const { rows: n, concepts: c } = this.shape;
    this.backend.write(this.#otherGram, symmetric);
    await this.backend.product({ a: this.#z, b: this.#otherGram, out: this.#xd, m: n, n: c, k: c });
    return this.backend.read(this.#xd);
  }

  /** Σ(x − x̂)² = Σx² − 2⟨XᵀZ, Dᵀ⟩ + ⟨ZᵀZ, DDᵀ⟩, with what `correlateAtoms` left for the present codes. */
  async squaredError(): Promise<number> {
    const { width: w, concepts: c } = this.shape;
    await this.backend.product({ a: this.#d, b: this.#d, out: this.#otherGram, m: c, n: c, k: w });
    const inner = async (a: Floats, b: Floats): Promise<number> => {
      const [left, right] = [await this.backend.read(a), await this.backend.read(b)];
      let sum = 0;
      for (let e = 0; e < left.length; e++) sum += left[e] * right[e];
      return sum;
    };
    const along = await inner(this.#xz, this.#dt);
    return Math.max(0, this.squares - 2 * along + (await inner(this.#gram, this.#otherGram)));
  }

  free(): void {
    this.backend.free(this.#x, this.#xt, this.#z, this.#zt, this.#d, this.#dt);
    this.backend.free(this.#gram, this.#otherGram, this.#xd, this.#xz);
  }
}

/** (columns x rows) of a rows x columns matrix, in squares that fit a cache. */
export function transposed(x: Float32Array, rows: number, columns: number): Float32Array {
  const out = new Float32Array(rows * columns);
  const side = 32;
  for (let i0 = 0; i0 < rows; i0 += side) {
    const i1 = Math.min(rows, i0 + side);
    for (let j0 = 0; j0 < columns; j0 += side) {
      const j1 = Math.min(columns, j0 + side);
      for (let i = i0; i < i1; i++) for (let j = j0; j < j1; j++) out[j * rows + i] = x[i * columns + j];
    }
  }
  return out;
}
