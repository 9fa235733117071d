/**
 * Seeded random numbers: xoshiro128** (Blackman & Vigna, 2018), seeded through splitmix32.
 *
 * The state is four 32-bit words, so a checkpoint can hold it and a resumed run draws the same
 * numbers. Streams for separate purposes come from `Random.of(seed, "purpose")`, so that adding
 * a draw in one place never shifts the numbers of another.
 */
export type RandomState = readonly [number, number, number, number];

export class Random {
  #a: number;
  #b: number;
  #c: number;
  #d: number;

  private constructor(a: number, b: number, c: number, d: number) {
    this.#a = a >>> 0;
    this.#b = b >>> 0;
    this.#c = c >>> 0;
    this.#d = d >>> 0;
  }

  /** A stream of its own for each (seed, purpose). */
  static of(seed: number, purpose = ""): Random {
    let state = (seed ^ Math.imul(Math.floor(seed / 0x1_0000_0000), 0x9e3779b1)) >>> 0;
    for (let i = 0; i < purpose.length; i++) {
      state = Math.imul(state ^ purpose.charCodeAt(i), 0x01000193) >>> 0;
      state = (state ^ (state >>> 15)) >>> 0;
    }
    const next = (): number => {
      state = (state + 0x9e3779b9) >>> 0;
      let z = state;
      z = Math.imul(z ^ (z >>> 16), 0x21f0aaad);
      z = Math.imul(z ^ (z >>> 15), 0x735a2d97);
      return (z ^ (z >>> 15)) >>> 0;
    };
    return new Random(next(), next(), next(), next() | 1);
  }

  static restore(state: RandomState): Random {
    return new Random(...state);
  }

  state(): RandomState {
    return [this.#a, this.#b, this.#c, this.#d];
  }

  /** An integer in [0, 2³²). */
  uint32(): number {
    const s1 = this.#b;
    let r = Math.imul(s1, 5);
    r = Math.imul((r << 7) | (r >>> 25), 9) >>> 0;
    const t = s1 << 9;
    this.#c ^= this.#a;
    this.#d ^= s1;
    this.#b ^= this.#c;
    this.#a ^= this.#d;
    this.#c ^= t;
    this.#d = (this.#d << 11) | (this.#d >>> 21);
    return r;
  }

  /** A number in [0, 1) with 53 random bits. */
  uniform(): number {
    return ((this.uint32() >>> 5) * 0x4000000 + (this.uint32() >>> 6)) / 0x20000000000000;
  }

  /** An integer in [0, n), n ≤ 2³², without modulo bias. */
  integer(n: number): number {
    const limit = 0x1_0000_0000 - (0x1_0000_0000 % n);
    let r = this.uint32();
    while (r >= limit) r = this.uint32();
    return r % n;
  }

  /** A standard normal number (Box–Muller; the second one is not kept, so the state says all). */
  normal(): number {
    const u = 1 - this.uniform();
    return Math.sqrt(-2 * Math.log(u)) * Math.cos(2 * Math.PI * this.uniform());
  }

  /** Fisher–Yates, in place. */
  shuffle<T extends Uint32Array | unknown[]>(items: T): T {
    for (let i = items.length - 1; i > 0; i--) {
      const j = this.integer(i + 1);
      const held = items[i] as never;
      items[i] = items[j];
      items[j] = held;
    }
    return items;
  }

  /** 0 … n−1 in random order. */
  permutation(n: number): Uint32Array<ArrayBuffer> {
    return this.shuffle(Uint32Array.from({ length: n }, (_, i) => i));
  }
}
