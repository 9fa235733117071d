import { existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { openEmbeddingSet } from "../../src/pipeline/embedding-set.ts";
import { importEmbeddings } from "../../src/pipeline/import.ts";
import { workplace } from "./small-set.ts";

const shared =
  process.env["VIADUCT_SHARED_DATA"] ?? fileURLToPath(new URL("../../../shared/data/", import.meta.url));
const clip = (name: string): string => join(shared, "clip-vit-b32", name);
const present = existsSync(clip("images.npy"));
const place = workplace();

describe("22,008 CLIP ViT-B/32 vectors", () => {
  const options = () => ({
    images: [clip("images.npy")],
    texts: [clip("texts.npy")],
    imageItems: clip("images.csv"),
    textItems: clip("texts.csv"),
    pairs: clip("pairs.csv"),
    imageRoot: join(shared, "patents", "images"),
    out: place.at("set"),
  });

  it.skipIf(!present)("stop at the row of zeros (needs shared data)", async () => {
    await expect(importEmbeddings(options())).rejects.toThrow("1 of 15,157 image rows (1 all zero: row 322)");
    expect(existsSync(place.at("set"))).toBe(false);
  });

  it.skipIf(!present)("are imported without it, pictures included (needs shared data)", async () => {
    const { path, manifest } = await importEmbeddings({ ...options(), dropInvalid: true });
    const { image, text, pairs, pictures } = manifest.report;
    expect([image.rows, text.rows, pairs.count, pairs.dropped]).toEqual([15156, 6851, 1500, 0]);
    // Counted with numpy.unique(rows, axis=0).
    expect([image.duplicates.count, text.duplicates.count]).toEqual([572, 259]);
    expect([image.unpaired, text.unpaired]).toEqual([15156 - 1100, 6851 - 1500]);
    expect([pictures.found, pictures.web, pictures.outside.count]).toEqual([1000, 2918, 0]);

    const set = await openEmbeddingSet(path, { verify: true });
    const row = set.embeddings.pairs.image[1499] ?? 0;
    const [item] = await set.items.image.at([row]);
    const [caption] = await set.items.text.at([set.embeddings.pairs.text[1499] ?? 0]);
    expect(item?.source).toBe("patents2007");
    expect(caption?.caption).toBe(item?.caption);
    expect(await set.picturePath(row)).toBe(
      join(shared, "patents", "images", item?.file?.split("/").at(-1) ?? ""),
    );
    await set.close();
  });
});
