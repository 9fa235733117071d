/**
 * X (n x w) ≈ Z·D, one factor moving while the other stays. The rows of X and Z stay on the heap and
 * pass through the backend block by block, so that it holds no more than a block of them; a turn of
 * the codes leaves XᵀZ and ZᵀZ, summed over the blocks in float64, for the turn of the atoms.
 */
import type { Backend, Floats } from "../../kernels/backend.ts";
import { choleskyInPlace, choleskySolve } from "../../linalg/cholesky.ts";
import { transpose } from "../../linalg/transpose.ts";

export interface FactorShape {
  /** n */
  readonly rows: number;
  /** w: dimensions, or twice as many where signs are split. */
  readonly width: number;
  /** c */
  readonly concepts: number;
}

/** What a turn of the codes has of one block of b rows. */
export interface CodesBlock {
  readonly rows: number;
  /** b x c: XDᵀ */
  readonly correlations: Floats;
  /** c x c: DDᵀ */
  readonly gram: Floats;
  /** b x c: Z, to be improved in place. */
  readonly codes: Floats;
}

const mostBlockRows = 4096;

export class Factors {
  readonly shape: FactorShape;
  readonly backend: Backend;
  /** Σ x² */
  readonly squares: number;
  /** Z, n x c */
  readonly codes: Float32Array<ArrayBuffer>;
  /** D, c x w */
  atoms: Float32Array<ArrayBuffer>;
  /** XᵀZ (w x c) and ZᵀZ (c x c) of the codes as they are. */
  readonly along: Float32Array<ArrayBuffer>;
  readonly shared: Float32Array<ArrayBuffer>;
  readonly #x: Float32Array;
  /** b: rows of the largest block. */
  readonly blockRows: number;
  /** b x w, b x c, b x c */
  readonly #block: Floats;
  readonly #blockCodes: Floats;
  readonly #correlations: Floats;
  /** c x w and w x c */
  readonly #d: Floats;
  readonly #dt: Floats;
  /** c x c and w x c */
  readonly #gram: Floats;
  readonly #products: Floats;

  /** Takes a copy of where it starts. */
  constructor(
    backend: Backend,
    shape: FactorShape,
    x: Float32Array,
    start: { readonly codes: Float32Array; readonly atoms: Float32Array },
  ) {
    const { rows: n, width: w, concepts: c } = shape;
    const b = Math.min(n, mostBlockRows);
    this.backend = backend;
    this.shape = shape;
    this.#x = x;
    this.blockRows = b;
    this.codes = new Float32Array(start.codes);
    this.atoms = new Float32Array(start.atoms);
    this.along = new Float32Array(w * c);
    this.shared = new Float32Array(c * c);
    this.#block = backend.floats(b * w);
    this.#blockCodes = backend.floats(b * c);
    this.#correlations = backend.floats(b * c);
    this.#d = backend.floats(c * w);
    this.#dt = backend.floats(w * c);
    this.#gram = backend.floats(c * c);
    this.#products = backend.floats(w * c);
    let squares = 0;
    for (let e = 0; e < x.length; e++) squares += x[e] * x[e];
    this.squares = squares;
  }

  /**
   * One turn of all codes, as `improve` has it for a block; `prepare` is given DDᵀ (c x c) ahead of all
   * blocks.
   */
  async turnCodes(
    improve: (block: CodesBlock) => Promise<void>,
    prepare?: (gram: Float32Array) => void,
  ): Promise<void> {
    const { rows: n, width: w, concepts: c } = this.shape;
    const backend = this.backend;
    const along = new Float64Array(w * c);
    const shared = new Float64Array(c * c);
    backend.write(this.#d, this.atoms);
    await backend.product({ a: this.#d, b: this.#d, out: this.#gram, m: c, n: c, k: w });
    prepare?.(await backend.read(this.#gram));
    // The products of the codes need room of their own: `gram` serves all blocks.
    const own = backend.floats(c * c);
    try {
      for (let from = 0; from < n; from += this.blockRows) {
        const rows = Math.min(this.blockRows, n - from);
        const codes = this.codes.subarray(from * c, (from + rows) * c);
        backend.write(this.#block, this.#x.subarray(from * w, (from + rows) * w));
        backend.write(this.#blockCodes, codes);
        await backend.product({ a: this.#block, b: this.#d, out: this.#correlations, m: rows, n: c, k: w });
        await improve({
          rows,
          correlations: this.#correlations,
          gram: this.#gram,
          codes: this.#blockCodes,
        });
        codes.set(await backend.read(this.#blockCodes, 0, rows * c));
        const z = this.#blockCodes;
        await backend.columnProduct({ a: this.#block, b: z, out: this.#products, m: w, n: c, k: rows });
        addTo(along, await backend.read(this.#products));
        await backend.columnProduct({ a: z, b: z, out: own, m: c, n: c, k: rows });
        addTo(shared, await backend.read(own));
      }
    } finally {
      backend.free(own);
    }
    this.along.set(along);
    this.shared.set(shared);
  }

  /** So many passes of coordinate descent over non-negative codes. */
  descendCodes(sweeps = 1): Promise<void> {
    const { concepts } = this.shape;
    return this.turnCodes(async (block) => {
      await this.backend.leastSquares({ ...block, concepts, l1: 0, positive: true, until: { sweeps } });
    });
  }

  /** The same for the atoms, which may be signed; gives Σ(x − x̂)² afterwards. */
  async descendAtoms(positive: boolean, sweeps = 1): Promise<number> {
    const { width: w, concepts: c } = this.shape;
    const backend = this.backend;
    backend.write(this.#products, this.along);
    backend.write(this.#gram, this.shared);
    backend.write(this.#dt, transpose(this.atoms, c, w));
    await backend.leastSquares({
      correlations: this.#products,
      gram: this.#gram,
      codes: this.#dt,
      rows: w,
      concepts: c,
      l1: 0,
      positive,
      until: { sweeps },
    });
    this.atoms = transpose(await backend.read(this.#dt), w, c);
    return this.squaredError();
  }

  /** The least-squares D = (ZᵀZ)⁻¹ZᵀX, by Cholesky in float64; gives Σ(x − x̂)² afterwards. */
  solveAtoms(): Promise<number> {
    const { width: w, concepts: c } = this.shape;
    const factor = Float64Array.from(this.shared);
    let trace = 0;
    for (let j = 0; j < c; j++) trace += factor[j * c + j];
    // What float32 products cannot tell from 0 must not decide.
    for (let j = 0; j < c; j++) factor[j * c + j] += Math.max(1e-7 * trace, 1e-30);
    choleskyInPlace(factor, c);
    for (let t = 0; t < w; t++) {
      const column = Float64Array.from(this.along.subarray(t * c, (t + 1) * c));
      choleskySolve(factor, c, column);
      for (let j = 0; j < c; j++) this.atoms[j * w + t] = column[j];
    }
    return this.squaredError();
  }

  /** Σ(x − x̂)² = Σx² − 2⟨XᵀZ, Dᵀ⟩ + ⟨ZᵀZ, DDᵀ⟩ */
  async squaredError(): Promise<number> {
    const { width: w, concepts: c } = this.shape;
    const { backend, atoms, along, shared } = this;
    backend.write(this.#d, atoms);
    await backend.product({ a: this.#d, b: this.#d, out: this.#gram, m: c, n: c, k: w });
    const products = await backend.read(this.#gram);
    let both = 0;
    for (let e = 0; e < products.length; e++) both += shared[e] * products[e];
    let once = 0;
    for (let j = 0; j < c; j++) for (let t = 0; t < w; t++) once += along[t * c + j] * atoms[j * w + t];
    return Math.max(0, this.squares - 2 * once + both);
  }

  free(): void {
    this.backend.free(this.#block, this.#blockCodes, this.#correlations);
    this.backend.free(this.#d, this.#dt, this.#gram, this.#products);
  }
}

function addTo(sums: Float64Array, values: Float32Array): void {
  for (let e = 0; e < sums.length; e++) sums[e] += values[e];
}
