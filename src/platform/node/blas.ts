/**
 * The system's BLAS, called through koffi (an optional dependency) right on the engine's shared
 * memory. Every thread calls a BLAS that is told to use one thread, so each tile is computed alone
 * and the bytes do not depend on how many threads there are.
 */
import { readFileSync } from "node:fs";
import { ViaductError } from "../../base/errors.ts";
import type { BlasProduct } from "../../kernels/cpu/kernel-thread.ts";
import { PRODUCT_BY_COLUMNS, PRODUCT_LOWER_HALF } from "../../kernels/cpu/layout.ts";

export interface Blas {
  /** "openblas 0.3.29" */
  readonly name: string;
  readonly path: string;
  bind(memory: { readonly buffer: ArrayBufferLike }): BlasProduct;
}

/** Where a BLAS usually lies, best first; VIADUCT_BLAS=<path> comes before all of them. */
const usualPaths: Partial<Record<NodeJS.Platform, readonly string[]>> = {
  darwin: ["/System/Library/Frameworks/Accelerate.framework/Accelerate"],
  linux: [
    "libopenblas.so.0",
    "libopenblas.so",
    "libopenblasp.so.0",
    "libmkl_rt.so.2",
    "libmkl_rt.so",
    "libblis.so.4",
    "libblis.so",
  ],
  win32: ["libopenblas.dll", "openblas.dll", "mkl_rt.2.dll"],
};

const ROW_MAJOR = 101;
const AS_IT_IS = 111;
const TRANSPOSED = 112;
const LOWER = 122;

type Koffi = typeof import("koffi").default;
type Library = ReturnType<Koffi["load"]>;

let koffi: Promise<Koffi> | undefined;

async function loadKoffi(): Promise<Koffi> {
  koffi ??= import("koffi").then((module) => module.default);
  return koffi;
}

/** The result of looking for a BLAS: the library, or why there is none and what would help. */
export type BlasSearch = { readonly blas: Blas } | { readonly blas: undefined; readonly reason: string };

/** Throws `missing-part` where VIADUCT_BLAS asks for a library that cannot be used. */
export async function findBlas(
  environment: NodeJS.ProcessEnv = process.env,
  prepare: () => Promise<unknown> = loadKoffi,
): Promise<BlasSearch> {
  const chosen = environment["VIADUCT_BLAS"];
  try {
    await prepare();
  } catch (error) {
    if (!chosen) return { blas: undefined, reason: "koffi is not installed; run: npm install koffi" };
    throw new ViaductError(
      "missing-part",
      `VIADUCT_BLAS names ${chosen}, but koffi, which loads it, is not installed; run: npm install koffi, or unset VIADUCT_BLAS`,
      { cause: error },
    );
  }
  if (chosen) return { blas: await openChosen(chosen) };
  const failures: string[] = [];
  for (const path of usualPaths[process.platform] ?? []) {
    try {
      return { blas: await openBlas(path) };
    } catch (error) {
      failures.push(error instanceof Error ? error.message : String(error));
    }
  }
  const unusable = failures.filter((text) => !text.includes("cannot be loaded"));
  const hint =
    process.platform === "linux"
      ? "install one (Debian, Ubuntu: apt-get install libopenblas0) or name its file in VIADUCT_BLAS"
      : "name a library's file in VIADUCT_BLAS";
  return {
    blas: undefined,
    reason: `no BLAS library was found${unusable.map((text) => `; ${text}`).join("")}; ${hint}`,
  };
}

async function openChosen(path: string): Promise<Blas> {
  try {
    return await openBlas(path);
  } catch (error) {
    throw new ViaductError(
      "missing-part",
      `${oneLine(error)}; VIADUCT_BLAS names it: correct it, or unset it to use what is found`,
      { cause: error },
    );
  }
}

/** Loads one library and tries it; throws a `missing-part` error when it cannot be used. */
export async function openBlas(path: string): Promise<Blas> {
  const { load, address } = await loadKoffi();
  let library: Library;
  try {
    library = load(path);
  } catch (error) {
    throw new ViaductError("missing-part", `the BLAS library ${path} cannot be loaded: ${oneLine(error)}`, {
      cause: error,
    });
  }
  let sgemm;
  try {
    sgemm = library.func(
      "void cblas_sgemm(int, int, int, int, int, int, float, void *, int, void *, int, float, void *, int)",
    );
  } catch (error) {
    throw new ViaductError(
      "missing-part",
      `the library ${path} has no cblas_sgemm; name another in VIADUCT_BLAS`,
      {
        cause: error,
      },
    );
  }
  const ssyrk = optional(
    library,
    "void cblas_ssyrk(int, int, int, int, int, float, void *, int, float, void *, int)",
  );
  useOneThread(library);
  useFastestKernels(library);
  const name = describe(library);
  const blas: Blas = {
    name,
    path,
    bind(memory) {
      // A shared memory grows in place, so its address holds for good.
      const base = Number(address(new Uint8Array(memory.buffer, 0, 1)));
      return (mode, m, n, k, a, lda, b, ldb, c, ldc) => {
        const byColumns = (mode & PRODUCT_BY_COLUMNS) !== 0;
        const [left, right] = byColumns ? [TRANSPOSED, AS_IT_IS] : [AS_IT_IS, TRANSPOSED];
        if (ssyrk && (mode & PRODUCT_LOWER_HALF) !== 0) {
          ssyrk(ROW_MAJOR, LOWER, left, n, k, 1, base + a, lda, 0, base + c, ldc);
        } else sgemm(ROW_MAJOR, left, right, m, n, k, 1, base + a, lda, base + b, ldb, 0, base + c, ldc);
      };
    },
  };
  tryOut(blas);
  return blas;
}

function oneLine(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).replace(/\s+/g, " ");
}

/** A product of small whole numbers, exact in float32: a library of 64-bit integers fails here. */
function tryOut(blas: Blas): void {
  const [m, n, k] = [5, 3, 7];
  const memory = { buffer: new SharedArrayBuffer(1024) };
  const numbers = new Float32Array(memory.buffer, 0, 256);
  numbers.forEach((_, i) => (numbers[i] = (i % 11) - 5));
  const [a, b, c] = [0, 64, 128];
  blas.bind(memory)(0, m, n, k, a * 4, k, b * 4, k, c * 4, n + 1);
  for (let i = 0; i < m; i++) {
    for (let j = 0; j < n; j++) {
      let sum = 0;
      for (let t = 0; t < k; t++) sum += numbers[a + i * k + t] * numbers[b + j * k + t];
      if (numbers[c + i * (n + 1) + j] !== sum) {
        throw new ViaductError(
          "missing-part",
          `the BLAS library ${blas.path} gives wrong products; name another in VIADUCT_BLAS`,
        );
      }
    }
  }
}

/** The function, or undefined where the library lacks it. */
function optional(library: Library, prototype: string): ((...values: unknown[]) => unknown) | undefined {
  try {
    return library.func(prototype);
  } catch {
    return undefined;
  }
}

function useOneThread(library: Library): void {
  optional(library, "void openblas_set_num_threads(int)")?.(1);
  optional(library, "void MKL_Set_Num_Threads(int)")?.(1);
  optional(library, "void bli_thread_set_num_threads(int64_t)")?.(1);
  // Accelerate from macOS 15 on: BLAS_THREADING_SINGLE_THREADED.
  optional(library, "int BLASSetThreading(uint)")?.(1);
}

/** OpenBLAS's name of the kernels that it runs on a processor of x86-64 it does not know: SSE3. */
const OLDEST_KERNELS = "Prescott";

/**
 * An OpenBLAS that is older than the processor falls back to kernels without AVX, three to four times
 * slower: it is told which of those that it has suit the processor, and chooses again.
 */
function useFastestKernels(library: Library): void {
  const core = optional(library, "const char *openblas_get_corename()");
  if (core?.() !== OLDEST_KERNELS || process.env["OPENBLAS_CORETYPE"] !== undefined) return;
  const quit = optional(library, "void gotoblas_dynamic_quit()");
  const start = optional(library, "void gotoblas_dynamic_init()");
  const suited = kernelsFor(processorFlags());
  if (!quit || !start || suited === undefined) return;
  process.env["OPENBLAS_CORETYPE"] = suited;
  quit();
  start();
  delete process.env["OPENBLAS_CORETYPE"];
}

/** The newest of OpenBLAS's kernels, among those it has had for long, that a processor can run. */
export function kernelsFor(flags: ReadonlySet<string>): string | undefined {
  const has = (...names: readonly string[]): boolean => names.every((name) => flags.has(name));
  if (has("avx512f", "avx512cd", "avx512dq", "avx512bw", "avx512vl")) return "SkylakeX";
  return has("avx2", "fma") ? "Haswell" : undefined;
}

/** What the processor can do, in Linux's words; nothing elsewhere. */
function processorFlags(): ReadonlySet<string> {
  try {
    const line = /^flags\s*:(.*)$/m.exec(readFileSync("/proc/cpuinfo", "utf8"));
    return new Set(line?.[1].trim().split(/\s+/));
  } catch {
    return new Set();
  }
}

function describe(library: Library): string {
  const openblas = optional(library, "const char *openblas_get_config()")?.();
  if (typeof openblas === "string") return `openblas ${/\d+(\.\d+)+/.exec(openblas)?.[0] ?? ""}`.trim();
  const blis = optional(library, "const char *bli_info_get_version_str()")?.();
  if (typeof blis === "string") return `blis ${blis}`;
  if (optional(library, "void MKL_Set_Num_Threads(int)")) return "mkl";
  return process.platform === "darwin" ? "accelerate" : "blas";
}
