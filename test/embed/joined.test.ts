/** Sets that `embed` made, joined: what only they have stays. */
import { expect, it } from "vitest";
import { embedPictures } from "../../src/pipeline/embed/embed.ts";
import { openEmbeddingSet } from "../../src/pipeline/embedding-set.ts";
import { joinSets } from "../../src/pipeline/join/join.ts";
import { openThumbnails } from "../../src/pipeline/thumbnails/thumbnail-reader.ts";
import { workplace } from "../import/small-set.ts";
import { fakeEncoder } from "./fake-encoder.ts";
import { colourOf, painted } from "./painted.ts";

const { at, put } = workplace();

it("keeps encoder, thumbnails and duplicates under their new numbers", async () => {
  for (const [set, pictures, hash, thumbnails] of [
    ["one", [0, 1, 2], "0", true],
    ["two", [3, 4, 3], "0", true],
    ["plain", [5], "0", false],
    ["other", [6], "1", true],
  ] as const) {
    for (const [i, colour] of pictures.entries())
      await put(`${set}-photos/${i}.png`, await painted(colourOf(colour)));
    const load = (): ReturnType<typeof fakeEncoder> => fakeEncoder({ hash });
    await embedPictures(
      { pictures: [at(`${set}-photos`)], model: "fake", out: at(set), thumbnails },
      { load },
    );
  }
  const { manifest, path } = await joinSets({ sets: [at("one"), at("two"), at("plain")], out: at("joined") });
  expect(manifest.encoder).toMatchObject({ model: "fake/means", files: [{ sha256: "0" }] });
  const set = await openEmbeddingSet(path, { verify: true });
  expect(await set.items.image.column("duplicate_of")).toEqual([null, null, null, null, null, 3, null]);
  await set.close();
  const [joined, two] = [await openThumbnails(path), await openThumbnails(at("two"))];
  expect(joined.rows).toBe(7);
  for (const size of ["small", "large"] as const)
    expect(await joined.read(4, size)).toEqual(await two.read(1, size));
  expect(joined.pictureSize(3)).toEqual({ width: 12, height: 10 });
  expect(await joined.read(6, "large")).toBeNull();
  await joined.close();
  await two.close();
  // Files of another hash are other towers.
  const mixed = await joinSets({ sets: [at("one"), at("other")], out: at("mixed") });
  expect(mixed.manifest.encoder).toBeNull();
});
