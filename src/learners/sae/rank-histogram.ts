/**
 * The exact m-th largest of a stream of positive float32 numbers that lie within one octave
 * [low, 2·low): their bit patterns are in the order of their values, so one counter for each
 * pattern (2²³ of them) settles the rank without sorting or storing the stream.
 */
const patterns = 1 << 23;

export class RankHistogram {
  readonly #counts = new Uint32Array(patterns + 1);
  readonly #bits = new Uint32Array(1);
  readonly #float = new Float32Array(this.#bits.buffer);
  #lowBits = 0;
  /** Values of 2·low and more. */
  above = 0;
  /** Values of low and more. */
  total = 0;

  restart(low: number): void {
    this.#counts.fill(0);
    this.#float[0] = low;
    this.#lowBits = this.#bits[0];
    this.above = 0;
    this.total = 0;
  }

  add(value: number): void {
    this.#float[0] = value;
    const at = this.#bits[0] - this.#lowBits;
    if (at < 0) return;
    this.total++;
    if (at >= patterns) this.above++;
    else this.#counts[at]++;
  }

  /** The smallest value v of the octave such that at most `kept` values are larger than v. */
  cut(kept: number): number {
    let larger = this.above;
    let at = patterns - 1;
    while (at > 0 && larger + this.#counts[at] <= kept) larger += this.#counts[at--];
    this.#bits[0] = this.#lowBits + at;
    return this.#float[0];
  }
}

/** How many of a stream of positive float32 numbers lie in each octave [2^e, 2^(e+1)). */
export class OctaveCounts {
  readonly #counts = new Uint32Array(256);
  readonly #bits = new Uint32Array(1);
  readonly #float = new Float32Array(this.#bits.buffer);
  total = 0;

  add(value: number): void {
    this.#float[0] = value;
    this.#counts[this.#bits[0] >>> 23]++;
    this.total++;
  }

  /** Where the octave begins that holds the largest value behind the `kept` largest; null: there is none. */
  lowOf(kept: number): number | null {
    let larger = 0;
    for (let octave = 255; octave > 0; octave--) {
      larger += this.#counts[octave];
      if (larger > kept) return 2 ** (octave - 127);
    }
    return null;
  }
}
