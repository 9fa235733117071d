/** The running mean of the smallest kept activation of each batch, started without bias. */
const momentum = 0.99;

export class RunningThreshold {
  #sum = 0;
  #weight = 0;

  observe(smallest: number): void {
    this.#sum = momentum * this.#sum + (1 - momentum) * smallest;
    this.#weight = momentum * this.#weight + (1 - momentum);
  }

  get value(): number {
    return this.#weight === 0 ? 0 : this.#sum / this.#weight;
  }

  state(): readonly number[] {
    return [this.#sum, this.#weight];
  }

  restore([sum, weight]: readonly number[]): void {
    this.#sum = sum;
    this.#weight = weight;
  }
}
