/** Reads what an intervention is computed from: the study's codes, atoms and decoder biases, and the pairs of the set. */
import { badInput } from "../../base/errors.ts";
import { npyMatrix } from "../../formats/npy.ts";
import { readFloats, readSafetensorsHeader } from "../../formats/safetensors.ts";
import { samplePairs, type PairSample } from "../../metrics/pair-sample.ts";
import { setLayout, studyLayout } from "../../protocol/study-layout.ts";
import type { DictionarySummary, SetSummary, TensorPlace } from "../../protocol/study-summary.ts";
import type { DataSource } from "../data/data-source.ts";
import type { Modality } from "../data/dictionary-tables.ts";
import type { PairTable } from "../data/pair-table.ts";
import { rangedFile } from "../data/ranged-file.ts";
import { gatherRows } from "./gather-rows.ts";
import { readCodes } from "./read-codes.ts";
import type { InterventionData } from "./engine.ts";
import { searchedChoices } from "./searched-choices.ts";

/** Multiplications of one full search that take about 0.1 s on one core. */
const quickSearch = 1.5e9;

export interface ReadIntervention {
  readonly data: InterventionData;
  /** Which images are searched, of how many that have pairs. */
  readonly searched: {
    readonly most: number;
    readonly images: number;
    readonly texts: number;
    readonly ofImages: number;
  };
  /** Whether mean codes are over all rows of the set; else over the searched ones. */
  readonly meansOfAll: boolean;
  /** Numbers that `analyze` kept of the embeddings as they are and of all concepts; null: an older analysis. */
  readonly analysis: KeptByAnalysis | null;
}

export interface KeptByAnalysis {
  readonly gap: number;
  readonly imageToText: Readonly<Record<"at1" | "at5" | "at10", number>> | null;
  readonly textToImage: Readonly<Record<"at1" | "at5" | "at10", number>> | null;
  readonly images: number;
}

interface Sources {
  readonly source: DataSource;
  readonly set: SetSummary;
  readonly dictionary: DictionarySummary;
  readonly pairs: PairTable;
}

/** Why nothing can be computed, in words and with what to do; null: it can. */
export function whyNoIntervention(
  set: SetSummary,
  { atoms, biases, learner }: DictionarySummary,
): string | null {
  if (set.pairs === 0) {
    return "The set has no pairs of pictures and captions: there is nothing to retrieve. Import it with --pairs or --paired-rows.";
  }
  if (atoms === null)
    return `The weights of this dictionary (${learner ?? "its learner is not known"}) are not here.`;
  if (biases === null || biases === undefined) {
    return "This site was exported without decoder biases, of which reconstructions are made: export it again with `viaduct export --to site --force`.";
  }
  return null;
}

/** `most`: searched images; null: as many as can be searched at once. */
export async function readIntervention(
  { source, set, dictionary, pairs }: Sources,
  most: number | null,
  progress: (what: string) => void,
): Promise<ReadIntervention> {
  const missing = whyNoIntervention(set, dictionary);
  if (missing !== null || dictionary.atoms === null || !dictionary.biases) throw badInput(missing ?? "");
  const { dimension } = set;
  progress("pairs");
  const [table, metrics] = await Promise.all([
    pairs.all(),
    source.json(`study/${studyLayout.dictionary(dictionary.name).analysis.metrics}`),
  ]);
  const { seed, analysis } = fromMetrics(metrics);
  const taken = most ?? quickest(table, dimension);
  const sample = samplePairs(table, taken, seed);
  progress("codes");
  const path = `study/${studyLayout.dictionary(dictionary.name).analysis.codes}`;
  const concepts = dictionary.concepts ?? 0;
  const wanted = { image: sample.images, text: sample.texts };
  const read = await readCodes(
    source,
    path,
    { concepts, imageRows: set.imageRows, textRows: set.textRows },
    wanted,
  );
  progress("directions of the concepts");
  const [atoms, image, text] = await Promise.all([
    floats(source, dictionary.atoms, concepts * dimension),
    floats(source, dictionary.biases.image, dimension),
    floats(source, dictionary.biases.text, dimension),
  ]);
  return {
    data: {
      dimension,
      atoms,
      biases: { image, text },
      rows: { image: sample.images.slice(), text: sample.texts.slice() },
      imageOf: sample.imageOf.slice(),
      codes: read.codes,
      meanCodes: read.meanCodes,
    },
    searched: searchedOf(sample, taken),
    meansOfAll: read.whole,
    analysis,
  };
}

/** n x d of the searched rows; only where the set's embeddings are there. */
export async function readEmbeddings(
  source: DataSource,
  rows: InterventionData["rows"],
): Promise<Record<Modality, Float32Array<ArrayBuffer>>> {
  const of = async (file: string, wanted: Uint32Array): Promise<Float32Array<ArrayBuffer>> =>
    gatherRows(await npyMatrix(await rangedFile(source, `set/${file}`)), wanted);
  const [image, text] = await Promise.all([of(setLayout.images, rows.image), of(setLayout.texts, rows.text)]);
  return { image, text };
}

function searchedOf({ images, texts, imagesInAll }: PairSample, most: number): ReadIntervention["searched"] {
  return { most, images: images.length, texts: texts.length, ofImages: imagesInAll };
}

/** The largest choice whose search is quick; the smallest where none is. */
function quickest(pairs: { image: Uint32Array; text: Uint32Array }, dimension: number): number {
  const images = new Set(pairs.image).size;
  const quick = searchedChoices.filter((most) => {
    const searched = Math.min(most, images);
    const texts = (pairs.text.length * searched) / Math.max(1, images);
    return searched * texts * dimension <= quickSearch;
  });
  return quick.at(-1) ?? searchedChoices[0];
}

async function floats(
  source: DataSource,
  { path, tensor }: TensorPlace,
  length: number,
): Promise<Float32Array<ArrayBuffer>> {
  const file = await rangedFile(source, `study/${path}`);
  const { data } = await readFloats(file, await readSafetensorsHeader(file), tensor);
  if (data.length !== length) {
    throw badInput(`${tensor} of ${path} has ${data.length} numbers; expected ${length}`);
  }
  return data;
}

function fromMetrics(metrics: unknown): { seed: number; analysis: KeptByAnalysis | null } {
  const { seed, modality } = metrics as {
    seed?: unknown;
    modality?: {
      gap?: { original?: number };
      retrieval?: {
        searched?: { images: number };
        original?: Pick<KeptByAnalysis, "imageToText" | "textToImage"> | null;
      };
    };
  };
  const gap = modality?.gap?.original;
  const retrieval = modality?.retrieval;
  return {
    seed: typeof seed === "number" ? seed : 0,
    analysis:
      gap === undefined || retrieval === undefined
        ? null
        : {
            gap,
            imageToText: retrieval.original?.imageToText ?? null,
            textToImage: retrieval.original?.textToImage ?? null,
            images: retrieval.searched?.images ?? 0,
          },
  };
}
