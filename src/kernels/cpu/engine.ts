/** Shared memory, the kernels on this thread, and the arguments and scratch of what runs next. */
import { instantiateKernels, type BlasProduct, type Kernels } from "./kernel-thread.ts";
import * as at from "./layout.ts";
import { SharedMemory } from "./shared-memory.ts";

export class Engine {
  readonly memory: SharedMemory;
  readonly threads: number;
  /** True when dense products go to the system's BLAS. */
  readonly usesBlas: boolean;
  readonly kernels: Kernels;
  readonly #maySleep: number;
  readonly #scratch = new Map<string, { address: number; bytes: number }>();
  /** Entries that the encoding pool holds; it grows with need. */
  poolCapacity = 0;
  /** Views of the first page, where arguments lie. */
  readonly #u32: Uint32Array;
  readonly #f32: Float32Array;
  readonly #f64: Float64Array;

  constructor(
    module: WebAssembly.Module,
    memory: SharedMemory,
    options: { threads: number; maySleep: boolean; blas: BlasProduct | undefined },
  ) {
    this.memory = memory;
    this.threads = options.threads;
    this.usesBlas = options.blas !== undefined;
    this.kernels = instantiateKernels(module, memory.memory, options.blas);
    this.#maySleep = options.maySleep ? 1 : 0;
    this.#u32 = new Uint32Array(memory.memory.buffer, 0, at.HEAP / 4);
    this.#f32 = new Float32Array(memory.memory.buffer, 0, at.HEAP / 4);
    this.#f64 = new Float64Array(memory.memory.buffer, 0, at.HEAP / 8);
  }

  setU32(slot: number, value: number): void {
    this.#u32[slot >> 2] = value;
  }

  setF32(slot: number, value: number): void {
    this.#f32[slot >> 2] = value;
  }

  setF64(slot: number, value: number): void {
    this.#f64[slot >> 3] = value;
  }

  getU32(slot: number): number {
    return this.#u32[slot >> 2];
  }

  /** Runs all tasks of one kernel, on every thread that is free; throws when one of them failed. */
  phase(kernel: number, tasks: number): void {
    this.kernels.phase(kernel, tasks, this.#maySleep);
    if (this.#u32[at.FAILED >> 2] !== 0) throw new Error("a worker thread of the engine failed");
  }

  /** Memory that keeps nothing from one operation to the next; it grows and stays. */
  scratch(name: string, bytes: number): number {
    const held = this.#scratch.get(name);
    if (held && held.bytes >= bytes) return held.address;
    if (held) {
      this.memory.free(held.address);
      this.#scratch.delete(name);
    }
    const address = this.memory.allocate(bytes);
    this.#scratch.set(name, { address, bytes });
    return address;
  }

  /** Scratch of `bytes` bytes for each thread, its address and stride stored as arguments. */
  threadScratch(name: string, bytes: number, addressSlot: number, strideSlot: number): void {
    const stride = Math.ceil((bytes + 16) / 64) * 64;
    this.setU32(addressSlot, this.scratch(name, stride * this.threads));
    this.setU32(strideSlot, stride);
  }
}
