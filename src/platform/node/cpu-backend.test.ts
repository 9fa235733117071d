import { describe, expect, it } from "vitest";
import { conformance } from "../../kernels/testing/conformance.ts";
import { Random } from "../../base/random.ts";
import { makeState, normals, readState, trainStep } from "../../kernels/testing/problem.ts";
import { findBlas } from "./blas.ts";
import { createCpuBackend, type CpuBackendOptions } from "./cpu-backend.ts";

const search = await findBlas();
const hasBlas = search.blas !== undefined;

conformance("the CPU backend with relaxed SIMD on two threads", () =>
  createCpuBackend({ threads: 2, product: "wasm" }),
);
conformance("the CPU backend with plain SIMD on one thread", () =>
  createCpuBackend({ threads: 1, product: "wasm", variant: "simd" }),
);
if (hasBlas) {
  conformance("the CPU backend with BLAS", () => createCpuBackend({ threads: 2, product: "blas" }));
} else it.skip(`the CPU backend with BLAS agrees with the reference (${search.reason})`);

/** Bytes after three steps of float32 training with everything turned on. */
async function bytesAfterTraining(options: CpuBackendOptions): Promise<string[]> {
  const backend = await createCpuBackend(options);
  const shape = { rows: 300, dimension: 37, concepts: 1700 };
  const state = makeState(backend, shape, 5, false);
  const random = Random.of(5, "rows");
  const found: string[] = [];
  for (let step = 1; step <= 3; step++) {
    const { numbers, residual } = await trainStep(
      backend,
      shape,
      state,
      normals(random, shape.rows * shape.dimension),
      step,
      {
        selection: { kind: "batch-topk", total: 12 * shape.rows },
        auxiliary: true,
        thresholds: true,
        clipNorm: 0.01,
        lazy: step > 1,
      },
    );
    found.push(JSON.stringify(numbers), Buffer.from(residual.buffer).toString("base64"));
  }
  for (const [name, values] of await readState(backend, state)) {
    found.push(`${name} ${Buffer.from(values.buffer).toString("base64")}`);
  }
  await backend.close();
  return found;
}

describe("the number of threads", () => {
  const options: readonly (readonly [string, CpuBackendOptions])[] = [
    ["relaxed SIMD", { product: "wasm" }],
    ["plain SIMD", { product: "wasm", variant: "simd" }],
    ["BLAS", { product: "blas" }],
  ];
  it.each(options.filter(([, o]) => o.product !== "blas" || hasBlas))(
    "does not change a byte: %s",
    async (_, chosen) => {
      const one = await bytesAfterTraining({ ...chosen, threads: 1 });
      expect(await bytesAfterTraining({ ...chosen, threads: 2 })).toEqual(one);
      expect(await bytesAfterTraining({ ...chosen, threads: 3 })).toEqual(one);
    },
  );
});
