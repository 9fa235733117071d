/**
 * The running sums of online dictionary learning and the atoms' turn under them: block coordinate
 * descent on ½ tr(Dᵀ A D) − tr(Dᵀ B) with atoms in the unit ball, A ≈ ΣZᵀZ (c x c), B ≈ ΣZᵀX (c x d).
 * Sums fade as in Mairal et al. (2010) and scikit-learn, so that early codes are forgotten.
 */
import type { Backend, Floats } from "../../kernels/backend.ts";

/** Atoms whose products with all others are taken at once. */
const BLOCK = 32;

export class OnlineDictionary {
  /** c x d */
  readonly atoms: Float32Array<ArrayBuffer>;
  readonly #backend: Backend;
  readonly #c: number;
  readonly #d: number;
  /** True sums are `#scale` times these. */
  readonly #a: Float32Array;
  readonly #b: Float32Array;
  #scale = 1;
  #step = 0;
  /** d x c, block x c and block x d on the backend. */
  readonly #turned: Floats;
  readonly #rows: Floats;
  readonly #out: Floats;
  readonly #dt: Float32Array;

  constructor(backend: Backend, atoms: Float32Array, c: number, d: number) {
    this.#backend = backend;
    this.#c = c;
    this.#d = d;
    this.atoms = Float32Array.from(atoms);
    this.#a = new Float32Array(c * c);
    this.#b = new Float32Array(c * d);
    this.#turned = backend.floats(d * c);
    this.#rows = backend.floats(BLOCK * c);
    this.#out = backend.floats(BLOCK * d);
    this.#dt = new Float32Array(d * c);
    for (let j = 0; j < c; j++) for (let t = 0; t < d; t++) this.#dt[t * c + j] = atoms[j * d + t];
  }

  /** Takes in one batch: x is rows x d, codes rows x c. */
  add(x: Float32Array, codes: Float32Array, rows: number): void {
    const [c, d] = [this.#c, this.#d];
    const step = this.#step++;
    const theta = step < rows - 1 ? (step + 1) * rows : rows * rows + step + 1 - rows;
    const fade = (theta + 1 - rows) / (theta + 1);
    this.#scale *= fade;
    if (this.#scale < 1e-12) {
      for (const sums of [this.#a, this.#b]) for (let e = 0; e < sums.length; e++) sums[e] *= this.#scale;
      this.#scale = 1;
    }
    const share = 1 / (rows * this.#scale);
    const active = new Uint32Array(c);
    for (let i = 0; i < rows; i++) {
      let count = 0;
      for (let j = 0; j < c; j++) if (codes[i * c + j] !== 0) active[count++] = j;
      for (let a = 0; a < count; a++) {
        const j = active[a];
        const z = codes[i * c + j] * share;
        for (let b = 0; b < count; b++) this.#a[j * c + active[b]] += z * codes[i * c + active[b]];
        const at = j * d;
        for (let t = 0; t < d; t++) this.#b[at + t] += z * x[i * d + t];
      }
    }
  }

  /**
   * One pass over all atoms. Those that no code has used stay, or with `spare`, which gives unit
   * directions (d), are replaced.
   */
  async descend(spare?: () => Float32Array): Promise<void> {
    const [c, d] = [this.#c, this.#d];
    const backend = this.#backend;
    for (let from = 0; from < c; from += BLOCK) {
      const count = Math.min(BLOCK, c - from);
      backend.write(this.#turned, this.#dt);
      backend.write(this.#rows, this.#a.subarray(from * c, (from + count) * c));
      await backend.product({ a: this.#rows, b: this.#turned, out: this.#out, m: count, n: d, k: c });
      const along = await backend.read(this.#out, 0, count * d);
      for (let r = 0; r < count; r++) {
        const j = from + r;
        const atom = this.atoms.subarray(j * d, (j + 1) * d);
        const own = this.#a[j * c + j];
        const change = new Float32Array(d);
        if (own * this.#scale > 1e-6) {
          let square = 0;
          for (let t = 0; t < d; t++) {
            change[t] = atom[t] + (this.#b[j * d + t] - along[r * d + t]) / own;
            square += change[t] * change[t];
          }
          const norm = Math.max(1, Math.sqrt(square));
          for (let t = 0; t < d; t++) change[t] = change[t] / norm - atom[t];
        } else if (spare === undefined) continue;
        else {
          const direction = spare();
          for (let t = 0; t < d; t++) change[t] = direction[t] - atom[t];
          this.#forget(j);
        }
        for (let t = 0; t < d; t++) {
          atom[t] += change[t];
          this.#dt[t * c + j] = atom[t];
        }
        // What the change means for the atoms of this block that have not had their turn.
        for (let later = r + 1; later < count; later++) {
          const shared = this.#a[(from + later) * c + j];
          if (shared === 0) continue;
          for (let t = 0; t < d; t++) along[later * d + t] += shared * change[t];
        }
      }
    }
  }

  #forget(j: number): void {
    const c = this.#c;
    for (let i = 0; i < c; i++) this.#a[j * c + i] = this.#a[i * c + j] = 0;
    this.#b.fill(0, j * this.#d, (j + 1) * this.#d);
  }

  free(): void {
    this.#backend.free(this.#turned, this.#rows, this.#out);
  }
}
