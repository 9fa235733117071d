/**
 * Steers a penalty so that the mean number of active concepts reaches a target: integral control
 * on the logarithm of the penalty, with a proportional part against overshoot.
 */
const smoothing = 0.05;
const integralGain = 0.01;
const proportionalGain = 0.5;
/** Relative errors count no more than this, so that a wild start cannot wind the integral up. */
const largestError = 1;

export class SparsityControl {
  readonly target: number;
  #logPenalty: number;
  #mean: number;

  constructor(target: number, penalty: number) {
    this.target = target;
    this.#logPenalty = Math.log(penalty);
    this.#mean = target;
  }

  observe(activePerSample: number): void {
    this.#mean += smoothing * (activePerSample - this.#mean);
    this.#logPenalty += integralGain * this.#error();
  }

  get penalty(): number {
    return Math.exp(this.#logPenalty + proportionalGain * this.#error());
  }

  #error(): number {
    return Math.max(-largestError, Math.min(largestError, this.#mean / this.target - 1));
  }

  state(): readonly number[] {
    return [this.#logPenalty, this.#mean];
  }

  restore([logPenalty, mean]: readonly number[]): void {
    this.#logPenalty = logPenalty;
    this.#mean = mean;
  }
}
