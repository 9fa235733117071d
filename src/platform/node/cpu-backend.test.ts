import { spawnSync } from "node:child_process";
import { describe, expect, it } from "vitest";
import { conformance } from "../../kernels/testing/conformance.ts";
import { pursues } from "../../kernels/testing/pursuit.ts";
import { Random } from "../../base/random.ts";
import { makeState, normals, readState, trainStep } from "../../kernels/testing/problem.ts";
import { holdsTensors } from "../../kernels/testing/tensors.ts";
import { followsTorch } from "../../kernels/testing/torch-steps.ts";
import { findBlas, kernelsFor } from "./blas.ts";
import { createCpuBackend, describeEngine, type CpuBackendOptions } from "./cpu-backend.ts";

const search = await findBlas();
const hasBlas = search.blas !== undefined;

const relaxed = (): ReturnType<typeof createCpuBackend> => createCpuBackend({ threads: 2, product: "wasm" });
const plain = (): ReturnType<typeof createCpuBackend> =>
  createCpuBackend({ threads: 1, product: "wasm", variant: "simd" });
const blas = (): ReturnType<typeof createCpuBackend> => createCpuBackend({ threads: 2, product: "blas" });

holdsTensors("the CPU backend", relaxed);
conformance("the CPU backend with relaxed SIMD on two threads", relaxed);
pursues("the CPU backend with relaxed SIMD on two threads", relaxed);
followsTorch("the CPU backend with relaxed SIMD on two threads", relaxed);
conformance("the CPU backend with plain SIMD on one thread", plain);
pursues("the CPU backend with plain SIMD on one thread", plain);
followsTorch("the CPU backend with plain SIMD on one thread", plain);
if (hasBlas) {
  conformance("the CPU backend with BLAS", blas);
  pursues("the CPU backend with BLAS", blas);
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

/** Runs a module's text in a process of its own, since a thread that waits for ever cannot be timed out. */
function runModule(script: string): { status: number | null; stdout: string } {
  const { status, stdout } = spawnSync(process.execPath, ["--input-type=module", "-e", script], {
    encoding: "utf8",
    timeout: 20_000,
  });
  return { status, stdout };
}

const moduleAt = (path: string): string => JSON.stringify(new URL(path, import.meta.url).href);

/** The start of a script with an engine whose second thread has a product that throws. */
const brokenEngine = `
  import { Worker } from "node:worker_threads";
  import { startCpuBackend } from ${moduleAt("../../kernels/cpu/cpu-backend.ts")};
  const worker = \`
    const { parentPort, workerData } = require("node:worker_threads");
    import(${moduleAt("../../kernels/cpu/kernel-thread.ts")}).then(({ serveKernels }) => {
      parentPort.postMessage("ready");
      serveKernels(workerData, () => { throw new Error("broken product"); });
    });\`;
  async function startThread(start) {
    if (start.index === 3) throw new Error("no thread");
    const thread = new Worker(worker, { eval: true, workerData: start, execArgv: [] });
    thread.on("error", () => {});
    const ended = new Promise((resolve) => thread.once("exit", resolve));
    await new Promise((resolve) => thread.once("message", resolve));
    return { ended: () => ended };
  }
  // Slow enough that the second thread takes a task too.
  const slow = () => void Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 50);
  const engine = (threads) =>
    startCpuBackend({ threads, maySleep: true, startThread, blas: { name: "slow", bind: () => slow } });`;

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

  it("lets signals and timers have a turn while it computes", async () => {
    const backend = await createCpuBackend({ threads: 1, product: "wasm" });
    const [a, out] = [backend.floats(512 * 64), backend.floats(512 * 512)];
    const heard = AbortSignal.timeout(1);
    const deadline = performance.now() + 5000;
    while (!heard.aborted && performance.now() < deadline) {
      await backend.product({ a, b: a, out, m: 512, n: 512, k: 64 });
    }
    expect(heard.aborted).toBe(true);
    await backend.close();
  });

  it("fails, and does not wait for ever, when a thread fails at its task", () => {
    const ran = runModule(`${brokenEngine}
      const backend = await engine(2);
      const [a, b, out] = [backend.floats(600 * 64), backend.floats(900 * 64), backend.floats(600 * 900)];
      await backend.product({ a, b, out, m: 600, n: 900, k: 64 }).catch((error) => console.log(error.message));
      await backend.close();`);
    expect(ran).toEqual({ status: 0, stdout: "a worker thread of the engine failed\n" });
  });

  it("ends the threads that did start when one does not", () => {
    const ran = runModule(`${brokenEngine}
      await engine(4).catch((error) => console.log(error.message));`);
    expect(ran).toEqual({ status: 0, stdout: "no thread\n" });
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
      const { createCpuBackend } = await import(${moduleAt("./cpu-backend.ts")});
      const backend = await createCpuBackend({ threads: 3, product: "wasm" });
      const a = backend.floats(64 * 64);
      await backend.product({ a, b: a, out: backend.floats(4096), m: 64, n: 64, k: 64 });
      console.log("end");`;
    expect(runModule(script)).toEqual({ status: 0, stdout: "end\n" });
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

  it("knows which of OpenBLAS's kernels suit a processor that OpenBLAS does not know", () => {
    const avx512 = ["avx512f", "avx512cd", "avx512dq", "avx512bw", "avx512vl"];
    expect(kernelsFor(new Set(["sse2", "avx2", "fma", ...avx512]))).toBe("SkylakeX");
    expect(kernelsFor(new Set(["sse2", "avx2", "fma", "avx512f"]))).toBe("Haswell");
    expect(kernelsFor(new Set(["sse2", "avx"]))).toBeUndefined();
  });

  it("takes nothing else in silence where a BLAS is named and koffi is missing", async () => {
    const missing = (): Promise<never> => Promise.reject(new Error("Cannot find package 'koffi'"));
    await expect(findBlas({ VIADUCT_BLAS: "/my/blas.so" }, missing)).rejects.toMatchObject({
      code: "missing-part",
      message: expect.stringContaining("VIADUCT_BLAS names /my/blas.so, but koffi"),
    });
    expect((await findBlas({}, missing)).blas).toBeUndefined();
  });
});
