/** A WebAssembly memory shared by all threads, with blocks that can be given back. */
import { ViaductError } from "../../base/errors.ts";
import { HEAP } from "./layout.ts";

const PAGE = 65536;
/** WebAssembly addresses 4 GiB. */
const MOST_PAGES = 65536;
/** Blocks start on a cache line. */
const LINE = 64;
/** Kernels may read up to 12 bytes past a tensor. */
const MARGIN = 16;

interface Gap {
  start: number;
  size: number;
}

const gibibytes = (bytes: number): string => `${(bytes / 2 ** 30).toFixed(2)} GiB`;

export class SharedMemory {
  readonly memory: WebAssembly.Memory;
  #sizes = new Map<number, number>();
  /** Free blocks by address, never two adjacent. */
  #gaps: Gap[] = [];
  #end: number;
  /** Memory from here on has never been used and is zero. */
  #fresh: number = HEAP;
  #f32: Float32Array;
  #u32: Uint32Array;
  #f64: Float64Array;

  constructor() {
    this.memory = new WebAssembly.Memory({ initial: 16, maximum: MOST_PAGES, shared: true });
    this.#end = 16 * PAGE;
    this.#gaps.push({ start: HEAP, size: this.#end - HEAP });
    this.#f32 = new Float32Array(this.memory.buffer);
    this.#u32 = new Uint32Array(this.memory.buffer);
    this.#f64 = new Float64Array(this.memory.buffer);
  }

  /** All of memory as float32; element i is at address 4·i. Take it anew after allocating. */
  get f32(): Float32Array {
    return this.#f32;
  }

  get u32(): Uint32Array {
    return this.#u32;
  }

  get f64(): Float64Array {
    return this.#f64;
  }

  /** Bytes in use. */
  get used(): number {
    let sum = 0;
    for (const size of this.#sizes.values()) sum += size;
    return sum;
  }

  /** The address of `bytes` bytes; zeroed on request. */
  allocate(bytes: number, zeroed = false): number {
    const size = Math.ceil((bytes + MARGIN) / LINE) * LINE;
    let gap = this.#smallestGap(size);
    if (!gap) {
      this.#grow(size);
      gap = this.#gaps[this.#gaps.length - 1];
    }
    const start = gap.start;
    gap.start += size;
    gap.size -= size;
    if (gap.size === 0) this.#gaps.splice(this.#gaps.indexOf(gap), 1);
    this.#sizes.set(start, size);
    if (zeroed && start < this.#fresh) {
      this.#u32.fill(0, start / 4, Math.min(start + size, this.#fresh) / 4);
    }
    this.#fresh = Math.max(this.#fresh, start + size);
    return start;
  }

  free(start: number): void {
    const size = this.#sizes.get(start);
    if (size === undefined) return;
    this.#sizes.delete(start);
    let at = this.#gaps.findIndex((gap) => gap.start > start);
    if (at < 0) at = this.#gaps.length;
    this.#gaps.splice(at, 0, { start, size });
    this.#join(at);
    if (at > 0) this.#join(at - 1);
  }

  #smallestGap(size: number): Gap | undefined {
    let best: Gap | undefined;
    for (const gap of this.#gaps) if (gap.size >= size && (!best || gap.size < best.size)) best = gap;
    return best;
  }

  /** Makes one gap of gaps `at` and `at + 1` where they touch. */
  #join(at: number): void {
    const next = this.#gaps[at + 1];
    const gap = this.#gaps[at];
    if (next === undefined || gap.start + gap.size !== next.start) return;
    gap.size += next.size;
    this.#gaps.splice(at + 1, 1);
  }

  /** Makes the last gap at least `size` bytes long. */
  #grow(size: number): void {
    const last = this.#gaps.at(-1);
    const tail = last && last.start + last.size === this.#end ? last.size : 0;
    const pages = Math.max(16, Math.ceil((size - tail) / PAGE));
    const left = MOST_PAGES - this.#end / PAGE;
    const grown = pages <= left ? pages : Math.ceil((size - tail) / PAGE);
    const full = (cause?: unknown): ViaductError =>
      new ViaductError(
        "bad-input",
        `the engine's memory is full: ${gibibytes(size)} asked, ${gibibytes(this.used)} in use of at most 4 GiB; use smaller batches, fewer concepts, or free tensors`,
        { cause },
      );
    if (grown > left) throw full();
    try {
      this.memory.grow(grown);
    } catch (error) {
      throw full(error);
    }
    if (tail > 0 && last) last.size += grown * PAGE;
    else this.#gaps.push({ start: this.#end, size: grown * PAGE });
    this.#end += grown * PAGE;
    this.#f32 = new Float32Array(this.memory.buffer);
    this.#u32 = new Uint32Array(this.memory.buffer);
    this.#f64 = new Float64Array(this.memory.buffer);
  }
}
