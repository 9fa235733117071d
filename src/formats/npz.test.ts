import { describe, expect, it } from "vitest";
import { bytesInMemory, type ByteSource } from "./byte-source.ts";
import { rowsOf } from "./matrix.ts";
import { npyMatrix, writeNpy } from "./npy.ts";
import { readNpz, writeNpz } from "./npz.ts";
import { allRows, expectedMatrix, fixture, fixtureBytes, truncated } from "./testing/fixtures.ts";

async function arrayOf(source: ByteSource, name: string): Promise<Float32Array> {
  const entry = (await readNpz(source)).find((part) => part.name === name);
  if (!entry) throw new Error(`no array ${name}`);
  return allRows(rowsOf(await npyMatrix(await entry.open())));
}

describe(".npz", () => {
  it.each([
    ["stored.npz", "image_features"],
    ["stored.npz", "text_features"],
    ["deflated.npz", "arr_0"],
  ])("reads %s, array %s, as NumPy does", async (file, name) => {
    expect(await arrayOf(fixture(file), name)).toEqual(expectedMatrix(`${file}#${name}`).values);
  });

  it("reads stored arrays in ranges, without the rest of the file", async () => {
    const source = fixture("stored.npz");
    let read = 0;
    const counting: ByteSource = {
      ...source,
      read: (start, into) => {
        read += into.byteLength;
        return source.read(start, into);
      },
    };
    const [entry] = await readNpz(counting);
    const rows = rowsOf(await npyMatrix(await entry.open()));
    read = 0;
    await rows.readRange(2, 1, new Float32Array(6));
    expect(read).toBe(24);
  });

  it("refuses archives that are cut off anywhere", async () => {
    const { length } = fixtureBytes("stored.npz");
    for (let missing = 1; missing < length; missing += 7) {
      await expect(readNpz(truncated("stored.npz", missing))).rejects.toThrow(
        "stored.npz is no .npz archive or is truncated",
      );
    }
  });

  it("refuses a damaged deflated array", async () => {
    const bytes = fixtureBytes("deflated.npz");
    bytes.fill(0xff, 60, 120);
    await expect(arrayOf(bytesInMemory("x.npz", bytes), "arr_0")).rejects.toThrow(/x\.npz/);
  });

  it("reads what it writes", async () => {
    const data = Float32Array.of(1, 2, 3, 4, 5, 6);
    const bytes = writeNpz({ a: writeNpy(data, [2, 3]), b: writeNpy(data, [3, 2]) });
    expect((await readNpz(bytesInMemory("x.npz", bytes))).map((entry) => entry.name)).toEqual(["a", "b"]);
    expect(await arrayOf(bytesInMemory("x.npz", bytes), "b")).toEqual(data);
    expect(writeNpz({ a: writeNpy(data, [2, 3]), b: writeNpy(data, [3, 2]) })).toEqual(bytes);
  });
});
