import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { publishFolder } from "./staged-folder.ts";

const options = {
  marker: "manifest.json",
  isMarker: (content: unknown) => (content as { kind?: unknown } | null)?.kind === "set",
  known: ["manifest.json", "rows"],
  noun: "embedding set",
};
const manifest = (note: string): string => JSON.stringify({ kind: "set", note });

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "viaduct-staged-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const fill = async (staging: string): Promise<string> => {
  await writeFile(join(staging, "manifest.json"), manifest("new"));
  return "done";
};

describe("a published folder", () => {
  it("appears when it is complete, in folders that did not exist", async () => {
    const out = join(folder, "a", "b", "set");
    const result = await publishFolder(out, options, async (staging) => {
      expect(existsSync(out)).toBe(false);
      return fill(staging);
    });
    expect(result).toBe("done");
    expect(await readdir(join(folder, "a", "b"))).toEqual(["set"]);
  });

  it("may fill an empty folder", async () => {
    await mkdir(join(folder, "set"));
    await publishFolder(join(folder, "set"), options, fill);
    expect(await readdir(folder)).toEqual(["set"]);
  });

  it("leaves nothing when filling fails", async () => {
    const failing = publishFolder(join(folder, "set"), options, async (staging) => {
      await fill(staging);
      throw new Error("disk on fire");
    });
    await expect(failing).rejects.toThrow("disk on fire");
    expect(await readdir(folder)).toEqual([]);
  });

  it("does not replace what is there, unless forced", async () => {
    const out = join(folder, "set");
    await mkdir(out);
    await writeFile(join(out, "manifest.json"), manifest("old"));
    await writeFile(join(out, "rows"), "");
    await expect(publishFolder(out, options, fill)).rejects.toThrow(/exists and is not empty.*--force/);
    expect(await readFile(join(out, "manifest.json"), "utf8")).toBe(manifest("old"));
    await publishFolder(out, { ...options, force: true }, fill);
    expect(await readdir(out)).toEqual(["manifest.json"]);
    expect(await readFile(join(out, "manifest.json"), "utf8")).toBe(manifest("new"));
    expect(await readdir(folder)).toEqual(["set"]);
  });

  it("never replaces a folder of another kind, nor a file", async () => {
    const out = join(folder, "thesis");
    await mkdir(out);
    await writeFile(join(out, "chapter-1.tex"), "years");
    const forced = { ...options, force: true };
    await expect(publishFolder(out, forced, fill)).rejects.toThrow(
      "holds chapter-1.tex and no manifest.json of an embedding set, so --force does not replace it",
    );
    expect(await readdir(out)).toEqual(["chapter-1.tex"]);
    await expect(publishFolder(join(out, "chapter-1.tex"), forced, fill)).rejects.toThrow(
      "exists and is no folder",
    );
  });

  it("never replaces what carries another program's manifest, or holds files of the user's", async () => {
    const out = join(folder, "site");
    await mkdir(out);
    const forced = { ...options, force: true };
    for (const content of ['{"name": "My site"}', "no JSON", "null"]) {
      await writeFile(join(out, "manifest.json"), content);
      await expect(publishFolder(out, forced, fill)).rejects.toThrow("no manifest.json of an embedding set");
    }
    await writeFile(join(out, "manifest.json"), manifest("old"));
    await writeFile(join(out, "notes.txt"), "mine");
    await expect(publishFolder(out, forced, fill)).rejects.toThrow(
      /holds notes\.txt beside the embedding set, which --force would remove; move that away/,
    );
    expect(await readFile(join(out, "notes.txt"), "utf8")).toBe("mine");
    await expect(publishFolder(join(out, "notes.txt", "set"), forced, fill)).rejects.toThrow(
      /notes\.txt.set is a file or lies below one; expected a folder/,
    );
  });

  it.skipIf(process.platform === "win32").each(["SIGINT", "SIGTERM", "SIGHUP"] as const)(
    "leaves nothing when %s ends the process (needs POSIX signals)",
    async (signal) => {
      const module = fileURLToPath(new URL("./staged-folder.ts", import.meta.url));
      const script = `
        const { publishFolder } = await import(${JSON.stringify(module)});
        const { writeFile } = await import("node:fs/promises");
        await publishFolder(${JSON.stringify(join(folder, "set"))}, { marker: "m", isMarker: () => false, known: [], noun: "n" }, async (staging) => {
          await writeFile(staging + "/half", "written");
          process.stdout.write("ready");
          await new Promise((resolve) => setTimeout(resolve, 30_000));
        });`;
      const child = spawn(process.execPath, ["--input-type=module", "-e", script], {
        stdio: ["ignore", "pipe", "inherit"],
      });
      await once(child.stdout, "data");
      expect((await readdir(folder)).length).toBe(1);
      child.kill(signal);
      const [, endedBy] = (await once(child, "exit")) as [number | null, string | null];
      expect(endedBy).toBe(signal);
      expect(await readdir(folder)).toEqual([]);
    },
  );
});
