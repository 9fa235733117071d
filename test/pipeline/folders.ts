/** Folders for the pipeline's tests: a scratch place, a small imported set, the bytes of a folder. */
import { readFile, readdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll } from "vitest";
import { writeNpy } from "../../src/formats/npy.ts";
import { importEmbeddings } from "../../src/pipeline/import.ts";

/** A folder that exists while the tests of the file run. */
export function scratch(): (...names: string[]) => string {
  let folder = "";
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "viaduct-pipeline-"));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));
  return (...names) => join(folder, ...names);
}

export interface SmallSet {
  readonly dimension: number;
  readonly image: Float32Array;
  readonly text: Float32Array;
  readonly pairedRows?: boolean;
}

/** Imports the rows as an embedding set at `out`. */
export async function importRows(
  out: string,
  { dimension, image, text, pairedRows = false }: SmallSet,
): Promise<void> {
  const put = async (name: string, rows: Float32Array): Promise<string> => {
    const path = `${out}-${name}.npy`;
    await writeFile(path, writeNpy(rows, [rows.length / dimension, dimension]));
    return path;
  };
  await importEmbeddings({
    images: [await put("images", image)],
    texts: [await put("texts", text)],
    pairedRows,
    out,
  });
}

/** Content of all files below a folder, by path. */
export async function bytesBelow(folder: string): Promise<Map<string, string>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return new Map(
    await Promise.all(
      files
        .sort()
        .map(
          async (file) => [file.slice(folder.length + 1), (await readFile(file)).toString("hex")] as const,
        ),
    ),
  );
}
