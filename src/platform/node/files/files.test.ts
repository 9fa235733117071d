import { mkdtemp, readdir, readFile, rm, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { rowsOf } from "../../../formats/matrix.ts";
import { npyMatrix } from "../../../formats/npy.ts";
import { allRows } from "../../../formats/testing/fixtures.ts";
import { listFiles, sha256Of, verifyFiles } from "./file-list.ts";
import { openFile } from "./file-source.ts";
import { loadMatrix } from "./load-matrix.ts";
import { createNpyWriter } from "./npy-writer.ts";
import { readJson } from "./read-json.ts";
import { writeFileAtomic, writeJson } from "./write-file.ts";

let folder: string;
const at = (name: string): string => join(folder, name);
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "viaduct-files-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

describe("atomic writes", () => {
  it("replace the old content and leave no temporary file", async () => {
    await writeJson(at("a.json"), { x: 1 });
    await writeJson(at("a.json"), { x: 2 });
    expect(await readFile(at("a.json"), "utf8")).toBe('{\n  "x": 2\n}\n');
    expect(await readJson(at("a.json"), (value) => value)).toEqual({ x: 2 });
    expect(await readdir(folder)).toEqual(["a.json"]);
  });

  it("leave no temporary file when they fail", async () => {
    await writeFileAtomic(at("folder/file"), "x");
    await expect(writeFileAtomic(at("folder"), "x")).rejects.toThrow();
    expect(await readdir(folder)).toEqual(["folder"]);
  });

  it("name a file that is no JSON", async () => {
    await writeFile(at("a.json"), "{");
    await expect(readJson(at("a.json"), (value) => value, "a.json")).rejects.toThrow(/^a\.json is no JSON: /);
    await expect(readJson(at("b.json"), (value) => value, "b.json")).rejects.toThrow(
      "b.json does not exist; check the path.",
    );
  });
});

describe("lists of files", () => {
  it("hold size and SHA-256", async () => {
    await writeFile(at("abc"), "abc");
    // FIPS 180-2, appendix B.1
    const sha256 = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
    expect(await listFiles(folder, ["abc"])).toEqual([{ path: "abc", bytes: 3, sha256 }]);
    expect(sha256Of("abc")).toBe(sha256);
  });

  it("notice files that are gone, cut off or changed", async () => {
    await writeFile(at("abc"), "abc");
    const files = await listFiles(folder, ["abc"]);
    await verifyFiles(folder, files, { content: true });
    await writeFile(at("abc"), "abd");
    await verifyFiles(folder, files, { content: false });
    await expect(verifyFiles(folder, files, { content: true })).rejects.toThrow("another SHA-256");
    await truncate(at("abc"), 2);
    await expect(verifyFiles(folder, files, { content: false })).rejects.toThrow(
      "has 2 bytes; its manifest says 3",
    );
    await rm(at("abc"));
    await expect(verifyFiles(folder, files, { content: false })).rejects.toThrow(
      "is missing; its manifest lists it",
    );
  });
});

describe("matrices in files", () => {
  it.each(["float32", "float16"] as const)(
    "are written block by block as %s and read in ranges",
    async (type) => {
      const columns = 40;
      const rows = 1000;
      const all = Float32Array.from({ length: rows * columns }, (_, i) => (i % 512) / 256 - 1);
      const writer = await createNpyWriter(at("x.npy"), type, columns);
      for (let start = 0; start < rows; start += 300) {
        const count = Math.min(300, rows - start);
        await writer.append(all.slice(start * columns, (start + count) * columns), count);
      }
      expect(await writer.finish()).toBe(rows);
      const file = await openFile(at("x.npy"));
      const stored = await npyMatrix(file);
      expect(stored).toMatchObject({ type, rows, columns });
      for (const matrix of [stored, await loadMatrix(stored)]) {
        expect(await allRows(rowsOf(matrix))).toEqual(all);
        const picked = new Float32Array(3 * columns);
        await rowsOf(matrix).gather(new Uint32Array([999, 0, 1]), picked);
        expect(picked.subarray(0, columns)).toEqual(all.subarray(999 * columns));
        expect(picked.subarray(columns)).toEqual(all.subarray(0, 2 * columns));
      }
      const shared = new Float32Array(new SharedArrayBuffer(columns * 4));
      await rowsOf(stored).gather(new Uint32Array([7]), shared);
      expect(Array.from(shared)).toEqual(Array.from(all.subarray(7 * columns, 8 * columns)));
      await file.close();
    },
  );

  it("are not opened from folders", async () => {
    await expect(openFile(folder, "x")).rejects.toThrow("x is a folder; expected a file.");
  });
});
