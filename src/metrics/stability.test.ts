import { describe, expect, it, vi } from "vitest";
import { Random } from "../base/random.ts";
import { createReferenceBackend } from "../kernels/reference/backend.ts";
import { assign } from "../linalg/linear-assignment.ts";
import {
  cosineMatrix,
  energyWeightedStability,
  matchAtoms,
  randomAtoms,
  stabilityCurve,
  type Atoms,
} from "./stability.ts";

const backend = createReferenceBackend();
const one = randomAtoms(30, 10, 1);

function permuted(of: Atoms, order: Uint32Array): Atoms {
  const atoms = new Float32Array(of.atoms.length);
  order.forEach((from, to) => {
    atoms.set(of.atoms.subarray(from * of.dimension, (from + 1) * of.dimension), to * of.dimension);
  });
  return { ...of, atoms };
}

describe("stability", () => {
  it("is 1 for a dictionary with itself and with itself permuted, and finds the permutation", async () => {
    expect((await matchAtoms(backend, one, one)).stability).toBeCloseTo(1, 6);
    const order = Random.of(2).permutation(30);
    const found = await matchAtoms(backend, one, permuted(one, order));
    expect(found.stability).toBeCloseTo(1, 6);
    order.forEach((from, to) => expect(found.match[from]).toBe(to));
  });

  it("takes no absolute value: a negated dictionary is another one", async () => {
    const negated = { ...one, atoms: one.atoms.map((value) => -value) };
    expect((await matchAtoms(backend, one, negated)).stability).toBeLessThan(0.7);
  });

  it("is low for random rows in many dimensions", async () => {
    const { stability } = await matchAtoms(backend, randomAtoms(40, 400, 5), randomAtoms(40, 400, 6));
    expect(stability).toBeGreaterThan(0);
    expect(stability).toBeLessThan(0.15);
  });

  it("matches min(c, c′) and leaves the rest without a match", async () => {
    const fewer = { ...one, concepts: 12, atoms: one.atoms.subarray(0, 120) };
    const found = await matchAtoms(backend, one, fewer);
    expect([found.matched, found.stability]).toEqual([12, expect.closeTo(1, 6)]);
    expect([...found.match].filter((j) => j < 0)).toHaveLength(18);
    expect(found.cosine[20]).toBeNaN();
    const back = await matchAtoms(backend, fewer, one);
    expect([...back.match]).toEqual(Array.from({ length: 12 }, (_, i) => i));
  });

  it("holds a block of cosines in the backend, and gives the assignment what needs no copy", async () => {
    const floats = vi.spyOn(backend, "floats");
    const [many, few] = [randomAtoms(600, 4, 1), randomAtoms(300, 4, 2)];
    for (const [a, b] of [
      [many, few],
      [few, many],
    ] as const) {
      const found = await matchAtoms(backend, a, b);
      const cosines = await cosineMatrix(backend, a, b);
      const { columnOf, total } = assign(cosines, a.concepts, b.concepts, { maximize: true });
      expect(found.match).toEqual(columnOf);
      expect(found.stability).toBeCloseTo(total / 300, 12);
    }
    expect(Math.max(...floats.mock.calls.map(([length]) => length))).toBe(256 * 600);
    floats.mockRestore();
  });

  it("orders by energy and weighs with it", () => {
    const cosine = Float64Array.of(0.2, NaN, 1, 0.6);
    const energies = Float64Array.of(1, 50, 4, 2);
    expect(energyWeightedStability(cosine, energies)).toBeCloseTo((0.2 + 4 + 1.2) / 7, 12);
    expect(stabilityCurve(cosine, energies)).toEqual([
      { concepts: 1, stability: 1 },
      { concepts: 2, stability: 0.8 },
      { concepts: 3, stability: expect.closeTo(0.6, 12) },
    ]);
    const long = stabilityCurve(new Float64Array(5000).fill(0.5), new Float64Array(5000).fill(1));
    expect(long.length).toBeLessThan(100);
    expect(long.at(-1)).toEqual({ concepts: 5000, stability: 0.5 });
  });
});
