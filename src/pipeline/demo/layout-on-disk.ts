/** Paths inside a demo's folder. */

export const demoLayout = {
  /** Says that the folder is a demo's; written first. */
  marker: "demo.json",
  world: "world",
  set: "set",
  study: "study",
} as const;

/** Paths inside the world's folder, which holds what a user would import, and the truth. */
export const worldLayout = {
  truth: "truth.json",
  atoms: "truth.safetensors",
  pictures: "pictures",
  images: "images.npy",
  texts: "texts.npy",
  imageItems: "pictures.csv",
  textItems: "captions.csv",
  pairs: "pairs.csv",
} as const;

/** The name of the demo's dictionary. */
export const demoDictionary = "demo";
