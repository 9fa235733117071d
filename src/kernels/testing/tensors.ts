/** What every backend's tensors have to do, whatever computes on them. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Backend } from "../backend.ts";
import { createReferenceBackend } from "../reference/backend.ts";

export function holdsTensors(name: string, create: () => Promise<Backend>): void {
  describe(`${name} holds tensors`, () => {
    let backend: Backend;
    beforeAll(async () => {
      backend = await create();
    });
    afterAll(async () => {
      await backend.close();
    });

    it("reads back the codes it is given, explicit zeros left out", async () => {
      const codes = backend.codes(4, 9);
      backend.writeCodes(codes, {
        rows: 3,
        concepts: 9,
        rowStart: Uint32Array.of(0, 2, 2, 4),
        concept: Uint32Array.of(1, 8, 0, 4),
        value: Float32Array.of(1, 2, 0, 3),
      });
      expect(await backend.readCodes(codes, 3)).toEqual({
        rows: 3,
        concepts: 9,
        rowStart: Uint32Array.of(0, 2, 2, 3),
        concept: Uint32Array.of(1, 8, 4),
        value: Float32Array.of(1, 2, 3),
      });
    });

    it("keeps gradients beside the codes it is given, and reads those that a reconstruction leaves", async () => {
      const codes = backend.codes(4, 3);
      const values = {
        rows: 2,
        concepts: 3,
        rowStart: Uint32Array.of(0, 2, 3),
        concept: Uint32Array.of(0, 2, 1),
        value: Float32Array.of(1, 0, 2),
      };
      backend.writeCodes(codes, values, Float32Array.of(5, 6, 7));
      expect(await backend.readGradients(codes, 2)).toEqual(Float32Array.of(5, 6, 7));
      backend.writeCodes(codes, values);
      expect(await backend.readGradients(codes, 2)).toEqual(Float32Array.of(0, 0, 0));
      const [atoms, target, residual] = [backend.floats(6), backend.floats(4), backend.floats(4)];
      backend.write(atoms, Float32Array.of(1, 0, 0, 1, 0.5, 0.5));
      backend.write(target, Float32Array.of(3, 4, 1, 1));
      const common = { codes, rows: 2, dimension: 2, atoms, target, residual };
      await backend.reconstruct({ ...common, gradient: { scale: 2, penalty: 1 } });
      // x̂ − x is (−2, −4) and (−1, 1).
      expect(await backend.readGradients(codes, 2)).toEqual(Float32Array.of(-3, -5, 3));
      expect(() => backend.writeCodes(codes, values, new Float32Array(2))).toThrow("there are 2 gradients");
    });

    it("reads and writes slices", async () => {
      const tensor = backend.floats(10);
      backend.write(tensor, Float32Array.of(1, 2, 3), 4);
      expect(await backend.read(tensor)).toEqual(Float32Array.of(0, 0, 0, 0, 1, 2, 3, 0, 0, 0));
      expect(await backend.read(tensor, 5, 2)).toEqual(Float32Array.of(2, 3));
      expect(() => backend.write(tensor, Float32Array.of(1), 10)).toThrow(/tensor of 10/);
    });

    it("refuses operands that do not fit", async () => {
      const x = backend.floats(5);
      const operation = { a: x, b: x, out: backend.floats(9), m: 3, n: 3, k: 2 };
      await expect(backend.product(operation)).rejects.toThrow("a holds 5 numbers; this operation needs 6");
      const stranger = createReferenceBackend().floats(6);
      if (backend.description.backend !== "reference") {
        const foreign = backend.product({ ...operation, a: stranger, b: stranger });
        await expect(foreign).rejects.toThrow(/another backend/);
      }
    });
  });
}
