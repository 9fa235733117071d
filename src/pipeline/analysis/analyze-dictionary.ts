/**
 * Everything that `analyze` measures about one dictionary, from its folded weights on raw rows.
 * docs/metrics has the definitions. Sparse throughout: no c x c matrix is held.
 */
import { silent, type Progress } from "../../base/progress.ts";
import { modalities, type EmbeddingRows, type Modality } from "../../base/rows.ts";
import { byConcept, type SparseCodes } from "../../base/sparse-codes.ts";
import type { Backend } from "../../kernels/backend.ts";
import { encodeBlocks, stackCodes } from "../../learners/codes.ts";
import type { Dictionary } from "../../learners/dictionary.ts";
import { nearestNeighbours, type Neighbours } from "../../linalg/nearest-neighbours.ts";
import { countActivations } from "../../metrics/activation-histogram.ts";
import { conceptActivity, mergeActivity, type ConceptActivity } from "../../metrics/concept-activity.ts";
import { energyPooled, meanCode } from "../../metrics/energy.ts";
import { interference } from "../../metrics/interference.ts";
import { meanRow } from "../../metrics/direction-cosines.ts";
import { modalityInterval } from "../../metrics/modality-interval.ts";
import { modalityHistogram, modalityScore } from "../../metrics/modality-score.ts";
import {
  absorbMonosemanticity,
  addMonosemanticity,
  monosemanticity,
  monosemanticitySums,
  type MonosemanticitySums,
} from "../../metrics/monosemanticity.ts";
import {
  mergeReconstruction,
  reconstructionMetrics,
  reconstructionSums,
  type ReconstructionSums,
} from "../../metrics/reconstruction.ts";
import { atomSparsity, codeSparsity } from "../../metrics/sparsity.ts";
import { dictionaryRanks } from "../../metrics/spectrum.ts";
import type { ConceptRow, ExampleRow, HistogramRow, WordRow } from "../../protocol/analysis-tables.ts";
import type { ItemTable } from "../embedding-set-items.ts";
import { bridgeTable, type BridgeTable } from "./bridge-table.ts";
import { conceptMap } from "./concept-map.ts";
import { conceptRows } from "./concept-rows.ts";
import { conceptWords, type NamedVocabulary } from "./concept-words.ts";
import { conceptExamples } from "./examples.ts";
import { gapAndRetrieval } from "./gap-and-retrieval.ts";
import { modalityGeometry, setModality } from "./geometry.ts";
import { ReconstructionAdder } from "../reconstruction-sums.ts";
import { embeddingRepeats, itemRepeats, type RepeatedRows } from "./repeated-rows.ts";

export interface AnalyzeInput {
  readonly name: string;
  readonly learner: string;
  readonly dictionary: Dictionary;
  readonly set: EmbeddingRows;
  /** What the rows are, so that no item is shown twice and captions give words; without them, equal rows are shown once. */
  readonly items?: Readonly<Record<Modality, ItemTable>>;
  /** Words to hold against the atoms, by the set's own model; without it those of the captions. */
  readonly vocabulary?: NamedVocabulary;
  readonly backend: Backend;
  /** Seeds the samples, the shuffles and the map. */
  readonly seed: number;
  readonly progress?: Progress;
  readonly signal?: AbortSignal;
}

export interface Analysis {
  /** What metrics.json holds. */
  readonly metrics: Readonly<Record<string, unknown>>;
  readonly concepts: readonly ConceptRow[];
  readonly examples: readonly ExampleRow[];
  readonly bridges: BridgeTable;
  readonly neighbours: Neighbours;
  readonly histograms: readonly HistogramRow[];
  readonly words: readonly WordRow[];
  readonly codes: Readonly<Record<Modality, SparseCodes>>;
}

const neighboursShown = 24;
const histogramBins = 20;

interface Encoded {
  readonly codes: SparseCodes;
  readonly activity: ConceptActivity;
  readonly sums: ReconstructionSums;
  readonly repeated: RepeatedRows;
}

export async function analyzeDictionary(input: AnalyzeInput): Promise<Analysis> {
  const { name, learner, dictionary, set, backend, seed, progress = silent, signal } = input;
  const { atoms, concepts, dimension } = dictionary;
  const stages = [
    "encode",
    "bridges",
    "modality",
    "geometry",
    "neighbours",
    "map",
    "words",
    "examples",
  ] as const;
  const report = (stage: (typeof stages)[number]): void => {
    signal?.throwIfAborted();
    progress({
      stage: `analyze: ${stage}`,
      done: stages.indexOf(stage),
      total: stages.length,
      unit: "parts",
    });
  };

  report("encode");
  const alike = monosemanticitySums(dimension, concepts);
  const image = await encodeAndMeasure(input, "image", alike);
  const text = await encodeAndMeasure(input, "text", alike);
  const codes = { image: image.codes, text: text.codes };
  const both = mergeActivity(image.activity, text.activity);
  const scores = modalityScore(image.activity, text.activity);
  const pooled = energyPooled(image.activity, text.activity);

  report("bridges");
  const bridges = await bridgeTable(backend, codes, set.pairs, atoms, dimension, seed);

  report("modality");
  const twoSided = set.image.rows > 0 && set.text.rows > 0;
  const means = { image: meanRow(image.sums), text: meanRow(text.sums) };
  const geometry = twoSided
    ? await modalityGeometry(backend, dictionary, codes, await setModality(set, means, seed))
    : null;
  const meanCodes = { image: meanCode(image.activity), text: meanCode(text.activity) };
  const gap = twoSided
    ? await gapAndRetrieval(backend, dictionary, set, codes, means, meanCodes, scores, seed)
    : null;

  report("geometry");
  const all = stackCodes([codes.image, codes.text], concepts);
  const ranks = dictionaryRanks(atoms, concepts, dimension);
  const crowding = await interference(backend, all, atoms, dimension);

  report("neighbours");
  const neighbours = await nearestNeighbours(backend, atoms, concepts, dimension, neighboursShown);
  report("map");
  const map = await conceptMap(backend, atoms, dimension, both.active, seed);

  report("words");
  const words = await conceptWords({
    dictionary,
    set,
    items: input.items,
    codes,
    textMean: means.text,
    modalityScores: scores,
    vocabulary: input.vocabulary,
    backend,
  });

  report("examples");
  const columns = { image: byConcept(codes.image), text: byConcept(codes.text) };
  const repeated = { image: image.repeated, text: text.repeated };
  const examples: ExampleRow[] = [];
  const histograms: HistogramRow[] = [];
  for (let j = 0; j < concepts; j++) {
    const upper = Math.max(image.activity.maximum[j]!, text.activity.maximum[j]!);
    for (const modality of modalities) {
      examples.push(...conceptExamples(columns[modality], j, modality, repeated[modality]));
      const counts = new Uint32Array(histogramBins);
      if (upper > 0) countActivations(columns[modality], j, upper, counts, 0, histogramBins);
      histograms.push({ concept: j, modality, upper, counts: [...counts] });
    }
  }

  const whole = reconstructionMetrics(mergeReconstruction(image.sums, text.sums));
  const metrics = {
    name,
    learner,
    concepts,
    dimension,
    ...whole,
    image: set.image.rows > 0 ? reconstructionMetrics(image.sums) : null,
    text: set.text.rows > 0 ? reconstructionMetrics(text.sums) : null,
    pairs: set.pairs.image.length,
    bridgeSum: bridges.bridgeSum,
    pairedInnerProduct: bridges.pairedInnerProduct,
    bridges: {
      convention: "every (image, caption) pair counts once; decoder bias left out",
      coactive: bridges.coactive,
      candidates: bridges.candidates,
      significant: bridges.significant,
      kept: bridges.byImage.length,
      nulls: {
        shuffledPairing: bridges.shuffleNull,
        permutedDictionary: "z⁺·cos of all candidates with both sides' atoms permuted, pooled",
      },
    },
    modality: {
      scoreHistogram: [...modalityHistogram(scores)],
      scoreHistogramByEnergy: [...modalityHistogram(scores, pooled)],
      bimodalConcepts: gap?.bimodal ?? null,
      probeHeldOutAccuracy: geometry?.probeAccuracy ?? null,
      subspaceRank: geometry?.subspaceRank ?? null,
      subspaceHeldOutAccuracies: geometry?.subspaceAccuracies ?? null,
      gap: gap && {
        original: gap.original.gap,
        reconstructed: gap.reconstructed.gap,
        bimodalOnly: gap.bimodalOnly.gap,
      },
      retrieval: gap && {
        searched: gap.searched,
        original: gap.original.recall,
        reconstructed: gap.reconstructed.recall,
        bimodalOnly: gap.bimodalOnly.recall,
      },
    },
    words: words.vocabulary,
    geometry: {
      ...ranks,
      ...crowding,
      codes: codeSparsity(all),
      atoms: atomSparsity(atoms, concepts, dimension),
    },
    map: { principalVariance: map.principal.explained },
    seed,
  };
  const rows = conceptRows({
    image: image.activity,
    text: text.activity,
    pooled,
    both,
    scores,
    interval: modalityInterval(image.activity, text.activity),
    alike: monosemanticity(alike, both),
    geometry,
    map,
    examples,
    bridges,
    neighbours,
    words,
  });
  return { metrics, concepts: rows, examples, bridges, neighbours, histograms, words: words.rows, codes };
}

async function encodeAndMeasure(
  { dictionary, set, items, backend, signal }: AnalyzeInput,
  modality: Modality,
  alike: MonosemanticitySums,
): Promise<Encoded> {
  const { concepts, dimension } = dictionary;
  const sums = reconstructionSums(dimension, concepts);
  const own = monosemanticitySums(dimension, concepts);
  const repeats = embeddingRepeats(set[modality].rows, dimension);
  const blocks: SparseCodes[] = [];
  const options = signal === undefined ? {} : { signal };
  const adder = new ReconstructionAdder(dictionary, modality, backend);
  try {
    for await (const block of encodeBlocks(dictionary, set[modality], modality, backend, options)) {
      const { codes, rows } = block;
      await adder.add(block, () => sums);
      addMonosemanticity(own, rows, codes.rows, codes, 0);
      repeats.add(rows, codes.rows);
      blocks.push(codes);
    }
  } finally {
    adder.free();
  }
  absorbMonosemanticity(alike, own);
  const codes = stackCodes(blocks, concepts);
  const byEmbedding = repeats.first;
  const byItem =
    items === undefined ? Uint32Array.from(byEmbedding.keys()) : await itemRepeats(items[modality], modality);
  return { codes, activity: conceptActivity(codes), sums, repeated: { byEmbedding, byItem } };
}
