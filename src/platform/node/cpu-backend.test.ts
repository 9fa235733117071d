import { spawnSync } from "node:child_process";
import { describe, expect, it } from "vitest";
import { conformance } from "../../kernels/testing/conformance.ts";
import { Random } from "../../base/random.ts";
import { makeState, normals, readState, trainStep } from "../../kernels/testing/problem.ts";
import { holdsTensors } from "../../kernels/testing/tensors.ts";
import { followsTorch } from "../../kernels/testing/torch-steps.ts";
import { findBlas } from "./blas.ts";
import { createCpuBackend, describeEngine, type CpuBackendOptions } from "./cpu-backend.ts";

const search = await findBlas();
const hasBlas = search.blas !== undefined;

const relaxed = (): ReturnType<typeof createCpuBackend> => createCpuBackend({ threads: 2, product: "wasm" });
const plain = (): ReturnType<typeof createCpuBackend> =>
  createCpuBackend({ threads: 1, product: "wasm", variant: "simd" });
const blas = (): ReturnType<typeof createCpuBackend> => createCpuBackend({ threads: 2, product: "blas" });

holdsTensors("the CPU backend", relaxed);
conformance("the CPU backend with relaxed SIMD on two threads", relaxed);
followsTorch("the CPU backend with relaxed SIMD on two threads", relaxed);
conformance("the CPU backend with plain SIMD on one thread", plain);
followsTorch("the CPU backend with plain SIMD on one thread", plain);
if (hasBlas) {
  conformance("the CPU backend with BLAS", blas);
  followsTorch("the CPU backend with BLAS", blas);
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

describe("the engine", () => {
  it("grows while its threads are alive, and computes behind 2 GiB", async () => {
    const backend = await createCpuBackend({ threads: 3, product: "wasm" });
    const [m, n, k] = [200, 900, 16];
    const random = Random.of(1, "growth");
    const values = [normals(random, m * k), normals(random, n * k)] as const;
    const multiply = async (): Promise<Float32Array> => {
      const [a, b, out] = [backend.floats(m * k), backend.floats(n * k), backend.floats(m * n)];
      backend.write(a, values[0]);
      backend.write(b, values[1]);
      await backend.product({ a, b, out, m, n, k });
      const result = await backend.read(out);
      backend.free(a, b, out);
      return result;
    };
    const before = await multiply();
    const far = [backend.floats(2 ** 28), backend.floats(2 ** 28), backend.floats(2 ** 27)];
    expect(await multiply()).toEqual(before);
    backend.free(...far);
    await backend.close();
  });

  it("says what is asked and in use when 4 GiB are not enough", async () => {
    const backend = await createCpuBackend({ threads: 1, product: "wasm" });
    expect(() => backend.floats(1.2e9)).toThrow(
      /^the engine's memory is full: 4\.47 GiB asked, 0\.00 GiB in use of at most 4 GiB/,
    );
    // It goes on working.
    const tensor = backend.floats(8);
    expect(await backend.read(tensor)).toEqual(new Float32Array(8));
    await backend.close();
  });

  it("refuses freed tensors and closed engines", async () => {
    const backend = await createCpuBackend({ threads: 2, product: "wasm" });
    const tensor = backend.floats(8);
    backend.free(tensor);
    await expect(backend.read(tensor)).rejects.toThrow("a freed tensor");
    await backend.close();
    await backend.close();
    expect(() => backend.floats(8)).toThrow("the backend was closed");
  });

  it("does not keep a process alive that has nothing else to do", () => {
    const script = `
      const { createCpuBackend } = await import(${JSON.stringify(new URL("./cpu-backend.ts", import.meta.url).href)});
      const backend = await createCpuBackend({ threads: 3, product: "wasm" });
      const a = backend.floats(64 * 64);
      await backend.product({ a, b: a, out: backend.floats(4096), m: 64, n: 64, k: 64 });
      console.log("end");`;
    const { status, stdout } = spawnSync(process.execPath, ["--input-type=module", "-e", script], {
      encoding: "utf8",
      timeout: 20_000,
    });
    expect({ status, stdout }).toEqual({ status: 0, stdout: "end\n" });
  });

  it("names options that it does not know", async () => {
    await expect(createCpuBackend({ threads: 0 })).rejects.toThrow("threads is 0; expected a whole number");
    await expect(createCpuBackend({ product: "gpu" as "wasm" })).rejects.toThrow('product is "gpu"');
  });

  it("describes itself", async () => {
    const facts = await describeEngine();
    expect(facts.simd).toMatch(/^(relaxed-)?simd$/);
    expect(facts.product).toBe(hasBlas ? search.blas.name : `wasm ${facts.simd}`);
    expect(facts.advice === undefined).toBe(hasBlas);
    await expect(findBlas({ VIADUCT_BLAS: "/no/such/library.so" })).rejects.toThrow(
      "the BLAS library /no/such/library.so cannot be loaded",
    );
  });
});
