import { describe, expect, it } from "vitest";
import { Random } from "../../base/random.ts";
import { HEAP } from "./layout.ts";
import { SharedMemory } from "./shared-memory.ts";

describe("SharedMemory", () => {
  it("gives freed blocks back: the memory does not grow over many rounds", () => {
    const memory = new SharedMemory();
    const random = Random.of(1, "blocks");
    const round = (): void => {
      const blocks = Array.from({ length: 20 }, () => memory.allocate(1 + random.integer(1 << 18)));
      for (const block of random.shuffle(blocks)) memory.free(block);
    };
    // The most that a round can ask for stays the bound for a thousand rounds.
    for (let i = 0; i < 1000; i++) round();
    expect(memory.used).toBe(0);
    expect(memory.memory.buffer.byteLength).toBeLessThan(20 * ((1 << 18) + 128) + 32 * 65536);
  });

  it("joins neighbours, in any order of freeing", () => {
    const memory = new SharedMemory();
    for (const order of [
      [0, 1, 2],
      [2, 1, 0],
      [0, 2, 1],
      [1, 0, 2],
    ]) {
      const blocks = [memory.allocate(1000), memory.allocate(2000), memory.allocate(3000)];
      for (const i of order) memory.free(blocks[i]);
      const whole = memory.allocate(6000);
      expect(whole).toBe(HEAP);
      memory.free(whole);
    }
  });

  it("never hands out overlapping blocks, and zeroes what was used before", () => {
    const memory = new SharedMemory();
    const random = Random.of(2, "overlap");
    const held = new Map<number, { words: number; mark: number }>();
    for (let turn = 1; turn <= 3000; turn++) {
      if (held.size > 30 || (held.size > 0 && random.integer(2) === 0)) {
        const [address, { words, mark }] = [...held][random.integer(held.size)];
        const block = memory.u32.subarray(address / 4, address / 4 + words);
        expect(block.every((word) => word === mark)).toBe(true);
        memory.free(address);
        held.delete(address);
      } else {
        const words = 1 + random.integer(5000);
        const address = memory.allocate(words * 4, true);
        expect(address % 64).toBe(0);
        const block = memory.u32.subarray(address / 4, address / 4 + words);
        expect(block.every((word) => word === 0)).toBe(true);
        block.fill(turn);
        held.set(address, { words, mark: turn });
      }
    }
  });
});
