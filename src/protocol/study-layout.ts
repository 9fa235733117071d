/**
 * Every path inside a study folder and an embedding-set folder, and nothing else knows them.
 * docs/study-folder.md describes the contents.
 */

/** Packed thumbnails (protocol/thumbnails.ts), relative to the folder that holds them. */
export const thumbnailLayout = {
  table: "thumbnails.parquet",
  small: "thumbnails-small.pack",
  large: "thumbnails-large.pack",
  /** Only while they are being made. */
  journal: "thumbnails.journal",
} as const;

/** Paths inside an embedding set. */
export const setLayout = {
  manifest: "manifest.json",
  images: "images.npy",
  texts: "texts.npy",
  imageItems: "image-items.parquet",
  textItems: "text-items.parquet",
  pairs: "pairs.parquet",
  dropped: "dropped.csv",
  /** Only in sets that were made from pictures. */
  thumbnails: thumbnailLayout.table,
  thumbnailsSmall: thumbnailLayout.small,
  thumbnailsLarge: thumbnailLayout.large,
} as const;

/** Paths inside a study. */
export const studyLayout = {
  manifest: "study.json",
  dictionaries: "dictionaries",
  /** The grid of a sweep and the state of each of its cells; and who is at work on it. */
  sweep: "sweep.json",
  sweepLock: "sweep.lock",
  dictionary: (name: string): DictionaryLayout => dictionaryLayout(`dictionaries/${name}`),
  experiment: (name: string): ExperimentLayout => experimentLayout(`paper/${name}`),
  /** What readers call the concepts of a dictionary; the only file of a study that changes in place. */
  givenNames: (dictionary: string) => `names/${dictionary}.json`,
  report: "report.html",
} as const;

export type DictionaryLayout = ReturnType<typeof dictionaryLayout>;

/** Paths of one dictionary, relative to the study. */
export function dictionaryLayout(root: string) {
  return {
    root,
    /** Lists the run's files with size and SHA-256; written last. */
    manifest: `${root}/manifest.json`,
    /** Configuration as written and as resolved, seeds, versions, engine, duration, final metrics. */
    run: `${root}/run.json`,
    /** SAELens layout, where one set of biases serves both modalities. */
    config: `${root}/cfg.json`,
    weights: `${root}/sae_weights.safetensors`,
    /** With per-modality centring: one SAELens folder for each modality. */
    modality: (modality: "image" | "text") => ({
      config: `${root}/${modality}/cfg.json`,
      weights: `${root}/${modality}/sae_weights.safetensors`,
    }),
    /** Dictionaries whose codes SAELens has no architecture for: settings, and all tensors. */
    own: { settings: `${root}/dictionary.json`, weights: `${root}/dictionary.safetensors` },
    /** Its atoms, c x d, and decoder biases alone; only in a static export. */
    exportedAtoms: `${root}/atoms.safetensors`,
    /** Atoms before training (absent for methods without a start) and the row split. */
    initial: `${root}/initial.safetensors`,
    split: `${root}/split.safetensors`,
    history: `${root}/history.parquet`,
    /** Image concepts with their text concepts, in the modality-specific design and with pairs. */
    matches: `${root}/matches.parquet`,
    /** What the concepts are called, a list of c texts; only where the method knows. */
    names: `${root}/names.json`,
    /** How its concepts match those of another dictionary of the study, and what that came to, written last. */
    stability: {
      root: `${root}/stability`,
      matches: (other: string) => `${root}/stability/${other}.parquet`,
      record: (other: string) => `${root}/stability/${other}.json`,
    },
    checkpoint: `${root}/checkpoint.safetensors`,
    /** What was logged so far, a line of JSON for each moment; only while it trains, or until it is resumed. */
    log: `${root}/log.jsonl`,
    /** The number of the process that is training here. */
    lock: `${root}/lock`,
    analysis: analysisLayout(`${root}/analysis`),
  };
}

export type ExperimentLayout = ReturnType<typeof experimentLayout>;

/** What `paper` writes for an experiment, relative to the study. */
export function experimentLayout(root: string) {
  return {
    root,
    table: (name: string) => ({ parquet: `${root}/${name}.parquet`, csv: `${root}/${name}.csv` }),
    figure: (theme: "light" | "dark") => `${root}/figure-${theme}.svg`,
    /** The light figure at three times its size. */
    print: `${root}/figure.png`,
    /** Question, finding and caption to read. */
    text: `${root}/finding.md`,
    /** The same with the columns' meanings, the dictionaries it rests on and the seed. */
    finding: `${root}/finding.json`,
  };
}

/** What `analyze` writes for a dictionary, relative to the study. */
export function analysisLayout(root: string) {
  return {
    root,
    manifest: `${root}/manifest.json`,
    /** Reconstruction and sparsity (all, image, text), bridge sums, geometry, modality gap. */
    metrics: `${root}/metrics.json`,
    /** One row per concept: statistics, map position, offsets into the tables below. */
    concepts: `${root}/concepts.parquet`,
    /** One row per example, sorted by concept, modality, band, rank. */
    examples: `${root}/examples.parquet`,
    /** One row per bridge, sorted by image concept and score; and the same by text concept. */
    bridges: `${root}/bridges.parquet`,
    bridgesByText: `${root}/bridges-by-text.parquet`,
    /** The first of them by score, so that a list of bridges can begin before all have been read. */
    strongestBridges: `${root}/bridges-strongest.parquet`,
    /** Every co-active pair of concepts, CSR by image concept; absent without pairs. */
    bridgeMatrix: `${root}/bridges.safetensors`,
    /** One row per (concept, neighbour), sorted by concept and rank. */
    neighbours: `${root}/neighbours.parquet`,
    /** One row per concept and modality: counts of activations in equal bins up to its maximum. */
    histograms: `${root}/histograms.parquet`,
    /** One row per concept, list and word, sorted by concept, list, rank. */
    words: `${root}/words.parquet`,
    /** CSR codes of image rows, then text rows: row_start, concept, value. */
    codes: `${root}/codes.safetensors`,
  };
}
