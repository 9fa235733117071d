/** The whole world from one seed: scenes, captions, embeddings and the truth about them. */
import { Random } from "../../base/random.ts";
import type { PairTable } from "../../base/rows.ts";
import { captionActivations, pictureActivations } from "./activations.ts";
import type { Activation } from "./activations.ts";
import { describe } from "./caption.ts";
import type { Caption } from "./caption.ts";
import { drawDirections, embed } from "./plant.ts";
import { drawScene } from "./scene.ts";
import type { Scene } from "./scene.ts";
import { listTraits } from "./traits.ts";
import type { Truth } from "./truth.ts";

export interface WorldSize {
  readonly pictures: number;
  readonly dimension: number;
}

/** Every planted concept shows in at least some sixty rows, and the demo stays under a minute. */
export const demoSize: WorldSize = { pictures: 8000, dimension: 192 };

export interface World {
  readonly scenes: readonly Scene[];
  readonly captions: readonly Caption[];
  readonly pairs: PairTable;
  /** pictures x d and captions x d, rows of unit norm */
  readonly images: Float32Array;
  readonly texts: Float32Array;
  readonly truth: Truth;
}

/** Scenes and what captions say of them. */
export interface ToldScenes {
  readonly scenes: readonly Scene[];
  readonly captions: readonly Caption[];
  /** The scene of each caption, ascending. */
  readonly image: readonly number[];
}

export function tellScenes(seed: number, pictures: number): ToldScenes {
  const scenery = Random.of(seed, "demo scenes");
  const speech = Random.of(seed, "demo captions");
  const scenes = Array.from({ length: pictures }, () => drawScene(scenery));
  const captions: Caption[] = [];
  const image: number[] = [];
  for (let i = 0; i < scenes.length; i++) {
    // One to three captions for each picture.
    const several = 1 + speech.integer(3);
    for (let s = 0; s < several; s++) {
      captions.push(describe(speech, scenes[i]!));
      image.push(i);
    }
  }
  return { scenes, captions, image };
}

export function makeWorld(seed: number, size: WorldSize = demoSize): World {
  const { dimension: d } = size;
  const traits = listTraits();
  const { scenes, captions, image } = tellScenes(seed, size.pictures);
  const chance = Random.of(seed, "demo embeddings");
  const directions = drawDirections(Random.of(seed, "demo directions"), traits.traits, d);

  const images = new Float32Array(scenes.length * d);
  const texts = new Float32Array(captions.length * d);
  const imageTally = new Tally(traits.traits.length, scenes.length);
  const textTally = new Tally(traits.traits.length, captions.length);
  for (let i = 0; i < scenes.length; i++) {
    const active = pictureActivations(chance, traits, scenes[i]!);
    imageTally.add(active, embed(chance, directions, "image", active, images, i * d));
  }
  for (let t = 0; t < captions.length; t++) {
    const active = captionActivations(chance, traits, captions[t]!.said);
    textTally.add(active, embed(chance, directions, "text", active, texts, t * d));
  }

  return {
    scenes,
    captions,
    pairs: { image: Uint32Array.from(image), text: Uint32Array.from(image, (_, t) => t) },
    images,
    texts,
    truth: {
      seed,
      dimension: d,
      atoms: directions.atoms,
      concepts: traits.traits.map((trait, j) => ({
        ...trait,
        imageEnergy: imageTally.energy(j),
        textEnergy: textTally.energy(j),
        imageRows: imageTally.active[j]!,
        textRows: textTally.active[j]!,
      })),
      twins: traits.traits.flatMap((trait, j) =>
        trait.twin !== undefined && trait.side === "image" ? [{ image: j, text: trait.twin }] : [],
      ),
    },
  };
}

/** Mean activations in the normalised rows, and how many rows have each concept. */
class Tally {
  readonly active: Uint32Array;
  readonly #sum: Float64Array;
  readonly #rows: number;

  constructor(concepts: number, rows: number) {
    this.active = new Uint32Array(concepts);
    this.#sum = new Float64Array(concepts);
    this.#rows = rows;
  }

  add(activations: readonly Activation[], norm: number): void {
    for (const { trait, value } of activations) {
      this.active[trait]!++;
      this.#sum[trait]! += value / norm;
    }
  }

  energy(concept: number): number {
    return this.#sum[concept]! / this.#rows;
  }
}
