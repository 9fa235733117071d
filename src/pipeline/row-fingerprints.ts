/**
 * Finds rows that equal an earlier one bit by bit, without keeping them: each row is reduced to
 * 64 bits by two independent 32-bit hashes (MurmurHash3's mixing with different constants). For
 * 10⁶ rows the odds that two different ones share them are 3 in 10⁸.
 */
export interface RowFingerprints {
  /** Takes the row's words; returns the earlier row with the same ones, or −1. */
  add(words: Uint32Array, start: number, length: number, row: number): number;
}

const free = 0xffffffff;

export function createRowFingerprints(rows: number): RowFingerprints {
  const slots = 2 ** Math.ceil(Math.log2(Math.max(16, rows * 2)));
  const first = new Uint32Array(slots);
  const second = new Uint32Array(slots);
  const owner = new Uint32Array(slots).fill(free);
  return {
    add(words, start, length, row) {
      let a = 0x9747b28c;
      let b = 0x1b873593;
      for (let i = start, end = start + length; i < end; i++) {
        const w = words[i]!;
        const x = Math.imul(w, 0xcc9e2d51);
        a ^= Math.imul((x << 15) | (x >>> 17), 0x1b873593);
        a = (Math.imul((a << 13) | (a >>> 19), 5) + 0xe6546b64) | 0;
        const y = Math.imul(w ^ b, 0x9e3779b1);
        b = ((y << 16) | (y >>> 16)) + Math.imul(y, 0x85ebca77);
      }
      a = finish(a);
      b = finish(b);
      for (let slot = a & (slots - 1); ; slot = (slot + 1) & (slots - 1)) {
        if (owner[slot] === free) {
          first[slot] = a;
          second[slot] = b;
          owner[slot] = row;
          return -1;
        }
        if (first[slot] === a && second[slot] === b) return owner[slot]!;
      }
    },
  };
}

function finish(hash: number): number {
  let h = hash ^ (hash >>> 16);
  h = Math.imul(h, 0x85ebca6b);
  h ^= h >>> 13;
  h = Math.imul(h, 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}
