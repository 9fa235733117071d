/** Small inputs on disk for import tests. */
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach } from "vitest";
import { Random } from "../../src/base/random.ts";
import { writeNpy } from "../../src/formats/npy.ts";

export const dimension = 4;

/** n x 4 rows of unit norm. */
export function unitRows(n: number, seed: number): Float32Array {
  const random = Random.of(seed, "import tests");
  const rows = Float32Array.from({ length: n * dimension }, () => random.normal());
  for (let i = 0; i < n; i++) {
    const row = rows.subarray(i * dimension, (i + 1) * dimension);
    const norm = Math.hypot(...row);
    for (let j = 0; j < dimension; j++) row[j] /= norm;
  }
  return rows;
}

export interface Workplace {
  /** Absolute path of a name in the folder. */
  readonly at: (name: string) => string;
  /** The text without the folder's path. */
  readonly bare: (text: string) => string;
  /** Writes a file and returns its path. */
  readonly put: (name: string, content: string | Uint8Array) => Promise<string>;
  /** Writes rows of 4 numbers as .npy and returns the path. */
  readonly npy: (name: string, rows: Float32Array, columns?: number) => Promise<string>;
}

/** A folder that exists during each test of the file. */
export function workplace(): Workplace {
  let folder = "";
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "viaduct-import-"));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));
  const put = async (name: string, content: string | Uint8Array): Promise<string> => {
    const path = join(folder, name);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, content);
    return path;
  };
  return {
    at: (name) => join(folder, name),
    bare: (text) => text.replaceAll(join(folder, "/"), ""),
    put,
    npy: (name, rows, columns = dimension) => put(name, writeNpy(rows, [rows.length / columns, columns])),
  };
}
