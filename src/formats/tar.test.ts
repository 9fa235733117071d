import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { packTar, unpackTar, type TarEntry } from "modern-tar";
import { describe, expect, it } from "vitest";
import { bytesInMemory, type ByteSource } from "./byte-source.ts";
import { readTarIndex } from "./tar.ts";

const names = [
  "a.jpg",
  "folder/b.jpg",
  "../outside.jpg",
  "/absolute.jpg",
  "emoji 🦊/line\nbreak.txt",
  "ملف.png",
  `${"long folder/".repeat(15)}c.webp`,
  `${"x".repeat(10_000)}.jpg`,
];
const content = (i: number): Uint8Array => new Uint8Array([0, 1, 511, 512, 513, 40_000, 3, 7][i]).fill(i + 1);
const entries: TarEntry[] = [
  { header: { name: "folder/", type: "directory", size: 0 } },
  { header: { name: "link", type: "symlink", size: 0, linkname: "a.jpg" } },
  ...names.map((name, i) => ({
    header: { name, size: content(i).length, type: "file" as const },
    body: content(i),
  })),
];

async function expectSameAsUnpacked(archive: Uint8Array<ArrayBuffer>): Promise<void> {
  const { members, cutOff } = await readTarIndex(bytesInMemory("x.tar", archive));
  const unpacked = (await unpackTar(archive)).filter(({ data }) => data !== undefined);
  expect(cutOff).toBeNull();
  expect(members.map(({ name }) => name)).toEqual(unpacked.map(({ header }) => header.name));
  members.forEach(({ start, bytes }, i) => {
    expect(Buffer.from(archive.subarray(start, start + bytes)).equals(unpacked[i].data!)).toBe(true);
  });
}

describe("readTarIndex", () => {
  it("finds what modern-tar packs and unpacks, odd names and sizes as well", async () => {
    const archive = await packTar(entries);
    await expectSameAsUnpacked(archive);
    const { members, links } = await readTarIndex(bytesInMemory("x.tar", archive));
    expect(members.map(({ name }) => name)).toEqual(names);
    expect(links).toBe(1);
  });

  it.each(["gnu", "pax", "ustar", "v7"])("reads what tar writes in the %s format", async (format) => {
    const folder = mkdtempSync(join(tmpdir(), "viaduct-tar-"));
    try {
      const isOld = format === "ustar" || format === "v7";
      const files = ["plain.jpg", isOld ? "short.txt" : `${"n".repeat(180)}.txt`, "emoji 🦊.png"];
      files.forEach((file, i) => writeFileSync(join(folder, file), content(i + 3)));
      const made = spawnSync("tar", [`--format=${format}`, "-cf", "x.tar", ...files], { cwd: folder });
      expect(made.status, String(made.stderr)).toBe(0);
      const archive = new Uint8Array(readFileSync(join(folder, "x.tar")));
      const { members } = await readTarIndex(bytesInMemory("x.tar", archive));
      expect(members.map(({ name }) => name)).toEqual(files);
      members.forEach(({ start, bytes }, i) =>
        expect([...archive.subarray(start, start + bytes)]).toEqual([...content(i + 3)]),
      );
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it("reads little of large files", async () => {
    const large = new Uint8Array(3 << 20);
    const archive = await packTar(
      [1, 2, 3].map((i) => ({
        header: { name: `${i}.jpg`, size: large.length, type: "file" as const },
        body: large,
      })),
    );
    let read = 0;
    const inner = bytesInMemory("x.tar", archive);
    const counted: ByteSource = {
      ...inner,
      read: (start, into) => {
        read += into.byteLength;
        return inner.read(start, into);
      },
    };
    expect((await readTarIndex(counted)).members.length).toBe(3);
    expect(read).toBeLessThan(100_000);
  });

  it("says which file an archive ends in the middle of, and gives those before", async () => {
    const archive = await packTar(entries);
    const { members } = await readTarIndex(bytesInMemory("x.tar", archive));
    const { start, bytes } = members[5];
    const cut = await readTarIndex(bytesInMemory("x.tar", archive.subarray(0, start + bytes - 1)));
    expect(cut.cutOff).toBe(names[5]);
    expect(cut.members.map(({ name }) => name)).toEqual(names.slice(0, 5));
    expect((await readTarIndex(bytesInMemory("x.tar", archive.subarray(0, 700)))).cutOff).toBe("");
  });

  it("refuses what is no archive, and one with a damaged header", async () => {
    const noise = new TextEncoder().encode("no archive at all ".repeat(60));
    await expect(readTarIndex(bytesInMemory("x.tar", noise))).rejects.toThrow(
      "x.tar is no tar archive; expected an uncompressed .tar",
    );
    const archive = await packTar(entries);
    const { members } = await readTarIndex(bytesInMemory("x.tar", archive));
    archive[members[3].start - 512] ^= 1;
    await expect(readTarIndex(bytesInMemory("x.tar", archive))).rejects.toThrow(
      /^x.tar is damaged: no header at byte/,
    );
  });
});
