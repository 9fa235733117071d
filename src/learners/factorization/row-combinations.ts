/** W ≥ 0 (c x m) of convex NMF, D = W·X_m, and its two ways of improving. */
import type { Backend, Floats } from "../../kernels/backend.ts";
import { transpose } from "../../linalg/transpose.ts";
import type { Factors } from "./factors.ts";
import { nothing } from "./multiplicative.ts";

export class RowCombinations {
  /** c x m */
  readonly weights: Float32Array<ArrayBuffer>;
  readonly #backend: Backend;
  readonly #factors: Factors;
  readonly #points: Float32Array;
  readonly #m: number;
  /** X_m (m x w), its transpose, K = X_m·X_mᵀ (m x m). */
  readonly #x: Floats;
  readonly #xt: Floats;
  readonly #gram: Floats;
  /** c x m */
  readonly #w: Floats;
  /** 1 x w, 1 x m, 1 x m */
  readonly #target: Floats;
  readonly #correlations: Floats;
  readonly #row: Floats;
  #ready = false;

  constructor(backend: Backend, factors: Factors, points: Float32Array, weights: Float32Array) {
    const { width: w, concepts: c } = factors.shape;
    const m = points.length / w;
    this.#backend = backend;
    this.#factors = factors;
    this.#points = points;
    this.#m = m;
    this.weights = Float32Array.from(weights);
    this.#x = backend.floats(m * w);
    this.#xt = backend.floats(m * w);
    this.#gram = backend.floats(m * m);
    this.#w = backend.floats(c * m);
    this.#target = backend.floats(w);
    this.#correlations = backend.floats(m);
    this.#row = backend.floats(m);
    backend.write(this.#x, points);
    backend.write(this.#xt, transpose(points, m, w));
  }

  async #start(): Promise<void> {
    if (this.#ready) return;
    const { width: w } = this.#factors.shape;
    const m = this.#m;
    await this.#backend.product({ a: this.#x, b: this.#x, out: this.#gram, m, n: m, k: w });
    this.#ready = true;
  }

  /**
   * One atom after the other to its best combination while the others stay: its target is
   * ((ZᵀX)_j − Σ_{i≠j} S_ji·D_i) / S_jj, S = ZᵀZ, and one pass of coordinate descent moves W_j to it.
   */
  async descend(): Promise<void> {
    await this.#start();
    const { width: w, concepts: c } = this.#factors.shape;
    const backend = this.#backend;
    const m = this.#m;
    const { along, shared, atoms } = this.#factors;
    const target = new Float32Array(w);
    for (let j = 0; j < c; j++) {
      const own = shared[j * c + j];
      if (!(own > 0)) continue;
      for (let t = 0; t < w; t++) target[t] = along[t * c + j];
      for (let i = 0; i < c; i++) {
        const share = shared[j * c + i];
        if (i === j || share === 0) continue;
        for (let t = 0; t < w; t++) target[t] -= share * atoms[i * w + t];
      }
      for (let t = 0; t < w; t++) target[t] /= own;
      const weights = this.weights.subarray(j * m, (j + 1) * m);
      backend.write(this.#target, target);
      backend.write(this.#row, weights);
      await backend.product({ a: this.#target, b: this.#x, out: this.#correlations, m: 1, n: m, k: w });
      await backend.leastSquares({
        correlations: this.#correlations,
        gram: this.#gram,
        codes: this.#row,
        rows: 1,
        concepts: m,
        l1: 0,
        positive: true,
        until: { sweeps: 1 },
      });
      weights.set(await backend.read(this.#row));
      const atom = atoms.subarray(j * w, (j + 1) * w).fill(0);
      for (let i = 0; i < m; i++) {
        const share = weights[i];
        if (share === 0) continue;
        for (let t = 0; t < w; t++) atom[t] += share * this.#points[i * w + t];
      }
    }
  }

  /** The paper's multiplicative update of the whole W. */
  async scale(): Promise<void> {
    await this.#start();
    const { width: w, concepts: c } = this.#factors.shape;
    const backend = this.#backend;
    const m = this.#m;
    const { along: zTx, shared: zTz, atoms } = this.#factors;
    const [zx, gram, mixed] = [backend.floats(c * w), backend.floats(c * c), backend.floats(m * c)];
    const [out, part] = [backend.floats(c * m), backend.floats(m * m)];
    try {
      backend.write(zx, transpose(zTx, w, c));
      backend.write(gram, zTz);
      await backend.product({ a: zx, b: this.#x, out, m: c, n: m, k: w });
      const along = await backend.read(out);
      // S·W by rows of Wᵀ: (m x c)·(c x c).
      backend.write(this.#w, transpose(this.weights, c, m));
      await backend.product({ a: this.#w, b: gram, out: mixed, m, n: c, k: c });
      backend.write(this.#w, transpose(await backend.read(mixed), m, c));
      const shared = await backend.read(this.#gram);
      const times = async (sign: number): Promise<Float32Array> => {
        backend.write(
          part,
          shared.map((value) => Math.max(0, sign * value)),
        );
        await backend.product({ a: this.#w, b: part, out, m: c, n: m, k: m });
        return backend.read(out);
      };
      const above = await times(1);
      const below = await times(-1);
      for (let e = 0; e < this.weights.length; e++) {
        const up = Math.max(0, along[e]) + below[e];
        const down = Math.max(0, -along[e]) + above[e];
        this.weights[e] *= Math.sqrt(up / (down || nothing));
      }
      backend.write(this.#w, this.weights);
      await backend.product({ a: this.#w, b: this.#xt, out: zx, m: c, n: w, k: m });
      atoms.set(await backend.read(zx));
    } finally {
      backend.free(zx, gram, mixed, out, part);
    }
  }

  free(): void {
    this.#backend.free(this.#x, this.#xt, this.#gram, this.#w);
    this.#backend.free(this.#target, this.#correlations, this.#row);
  }
}
