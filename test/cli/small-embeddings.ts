/** A small world on disk: 16 directions, each row a few of them, images and texts offset from each other. */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Random } from "../../src/base/random.ts";
import { writeNpy } from "../../src/formats/npy.ts";

export const rows = 400;
export const dimension = 24;
const directions = 16;

/** rows x 24, rows of unit norm; equal `seed`s pick equal directions. */
function embeddings(seed: number, offset: number): Float32Array {
  const world = Random.of(0, "directions");
  const atoms = Float32Array.from({ length: directions * dimension }, () => world.normal());
  const picks = Random.of(seed, "picks");
  const noise = Random.of(seed + offset, "noise");
  const out = new Float32Array(rows * dimension);
  for (let i = 0; i < rows; i++) {
    const row = out.subarray(i * dimension, (i + 1) * dimension);
    for (let t = 0; t < dimension; t++) row[t] = 0.1 * noise.normal() + (t === 0 ? offset : 0);
    for (let pick = 0; pick < 3; pick++) {
      const atom = Math.floor(picks.uniform() * directions) * dimension;
      for (let t = 0; t < dimension; t++) row[t] += atoms[atom + t];
    }
    const norm = Math.hypot(...row);
    for (let t = 0; t < dimension; t++) row[t] /= norm;
  }
  return out;
}

/** Writes images.npy, texts.npy (24 dimensions), wide.npy (32), items and pairs into `folder`. */
export async function writeSmallEmbeddings(folder: string): Promise<void> {
  const put = (name: string, content: string | Uint8Array): Promise<void> =>
    writeFile(join(folder, name), content);
  const numbers = Array.from({ length: rows }, (_, i) => i);
  await put("images.npy", writeNpy(embeddings(1, 1), [rows, dimension]));
  await put("texts.npy", writeNpy(embeddings(1, 2), [rows, dimension]));
  await put("wide.npy", writeNpy(embeddings(1, 1), [(rows * dimension) / 32, 32]));
  await put("images.csv", `row,file\n${numbers.map((i) => `${i},${i}.png`).join("\n")}\n`);
  await put("texts.csv", `row,caption\n${numbers.map((i) => `${i},scene ${i}`).join("\n")}\n`);
  await put("pairs.csv", `image_row,text_row\n${numbers.map((i) => `${i},${i}`).join("\n")}\n`);
}

/** What `import` needs to make the small set. */
export const importArguments: readonly string[] =
  "import --images images.npy --texts texts.npy --pairs pairs.csv --image-items images.csv --text-items texts.csv".split(
    " ",
  );

/** A run of some dozen steps. */
export const quickTraining = ["--concepts", "32", "--k", "4", "--epochs", "4", "--batch", "64"];
