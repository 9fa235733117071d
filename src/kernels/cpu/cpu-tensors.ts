/** The CPU backend's tensors: addresses in the engine's shared memory. */
import { badUsage } from "../../base/errors.ts";
import type { CodesTensor, Floats, Integers, Tensor, TensorType } from "../backend.ts";
import type { Engine } from "./engine.ts";

export class CpuTensor<T extends TensorType = TensorType> implements Tensor<T> {
  readonly type: T;
  readonly length: number;
  readonly engine: Engine;
  /** In bytes; 0 once freed. */
  address: number;

  constructor(engine: Engine, type: T, length: number) {
    if (!Number.isInteger(length) || length < 0) {
      throw badUsage(`a tensor of length ${length} was asked; expected a whole number`);
    }
    this.engine = engine;
    this.type = type;
    this.length = length;
    this.address = engine.memory.allocate(length * 4, true);
  }

  free(): void {
    this.engine.memory.free(this.address);
    this.address = 0;
  }
}

/** Compressed sparse rows: starts (maxRows + 1), and concept, value, gradient of every entry. */
export class CpuCodes implements CodesTensor {
  readonly maxRows: number;
  readonly concepts: number;
  readonly engine: Engine;
  /** Rows that the last encoding or writing filled. */
  filledRows = 0;
  /** A signed selection chose the entries: a value of 0 is one like any other. */
  signed = false;
  rowStart: number;
  concept = 0;
  value = 0;
  gradient = 0;
  capacity = 0;
  /** A bound that at least `total` pre-activations are expected to pass: the last cut less a margin. */
  bound: number | undefined = undefined;
  margin = 0.1;

  constructor(engine: Engine, maxRows: number, concepts: number, capacity: number) {
    this.engine = engine;
    this.maxRows = maxRows;
    this.concepts = concepts;
    this.rowStart = engine.memory.allocate((maxRows + 1) * 4, true);
    this.reserve(capacity);
  }

  /** Makes room for `count` entries; what was there is lost when there was too little. */
  reserve(count: number): void {
    if (count <= this.capacity) return;
    this.#freeEntries();
    const capacity = Math.ceil(count * 1.25);
    this.concept = this.engine.memory.allocate(capacity * 4);
    this.value = this.engine.memory.allocate(capacity * 4);
    this.gradient = this.engine.memory.allocate(capacity * 4, true);
    this.capacity = capacity;
  }

  free(): void {
    this.#freeEntries();
    this.engine.memory.free(this.rowStart);
    this.rowStart = 0;
    this.filledRows = 0;
  }

  #freeEntries(): void {
    for (const address of [this.concept, this.value, this.gradient]) this.engine.memory.free(address);
    this.concept = this.value = this.gradient = this.capacity = 0;
  }
}

const foreign = "a freed tensor or one of another backend was given; expected one that this backend holds";

/** The byte address of a tensor of this engine. */
export function addressOf(engine: Engine, tensor: Floats | Integers): number {
  if (!(tensor instanceof CpuTensor) || tensor.engine !== engine || tensor.address === 0) {
    throw badUsage(foreign);
  }
  return tensor.address;
}

export function codesOf(engine: Engine, tensor: CodesTensor): CpuCodes {
  if (!(tensor instanceof CpuCodes) || tensor.engine !== engine || tensor.rowStart === 0) {
    throw badUsage(foreign);
  }
  return tensor;
}
