/** Puts a planted world on disk as a user's data would lie there: pictures, matrices, tables; and the truth beside it. */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { writeCsv } from "../../formats/csv.ts";
import { writeNpy } from "../../formats/npy.ts";
import { writeSafetensors } from "../../formats/safetensors.ts";
import { writeJson } from "../../platform/node/files/write-file.ts";
import type { ImportOptions } from "../import-options.ts";
import { worldLayout } from "./layout-on-disk.ts";
import { title } from "./picture.ts";
import { plantedModality } from "./truth.ts";
import type { World } from "./world.ts";
import { pictureName, writePictures } from "./write-pictures.ts";

/** Writes into `folder` and says how to import it. */
export async function writeWorld(folder: string, world: World): Promise<Omit<ImportOptions, "out">> {
  const pictures = join(folder, worldLayout.pictures);
  await writePictures(pictures, world.scenes);
  const { scenes, captions, pairs, images, texts, truth } = world;
  await writeJson(join(folder, worldLayout.truth), {
    seed: truth.seed,
    concepts: truth.concepts.map((concept) => ({ ...concept, modality: plantedModality(concept) })),
    twins: truth.twins,
  });
  const { dimension } = truth;
  const files = {
    images: join(folder, worldLayout.images),
    texts: join(folder, worldLayout.texts),
    imageItems: join(folder, worldLayout.imageItems),
    textItems: join(folder, worldLayout.textItems),
    pairs: join(folder, worldLayout.pairs),
  };
  await writeFile(files.images, writeNpy(images, [scenes.length, dimension]));
  await writeFile(files.texts, writeNpy(texts, [captions.length, dimension]));
  await writeFile(
    files.imageItems,
    writeCsv(
      ["row", "file", "caption"],
      scenes.map((scene, i) => [i, pictureName(i), title(scene)]),
    ),
  );
  await writeFile(
    files.textItems,
    writeCsv(
      ["row", "caption"],
      captions.map(({ text }, i) => [i, text]),
    ),
  );
  await writeFile(
    files.pairs,
    writeCsv(
      ["image_row", "text_row"],
      Array.from(pairs.image, (image, p) => [image, pairs.text[p]!]),
    ),
  );
  await writeFile(
    join(folder, worldLayout.atoms),
    writeSafetensors({ atoms: { shape: [truth.concepts.length, dimension], data: truth.atoms } }),
  );
  return {
    images: [files.images],
    texts: [files.texts],
    imageItems: files.imageItems,
    textItems: files.textItems,
    pairs: files.pairs,
    imageRoot: pictures,
    model: "planted demo world",
  };
}
