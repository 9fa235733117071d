/**
 * A made-up analysed study with as many concepts as asked for: clusters on the map, energies over
 * three powers of ten, concepts of pictures, of captions and of both, bridges between them, pictures
 * and captions. Its numbers mean nothing: it is for timing and looking at the explorer.
 *
 * Usage: node bench/synthetic-study.ts <folder> [--concepts 20000] [--runs 1] [--seed 0]
 *
 * Makes <folder>/set and <folder>/study; `--runs 2` makes a second dictionary and matches between both.
 */
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import sharp from "sharp";
import { Random } from "../src/base/random.ts";
import type { SparseCodes } from "../src/base/sparse-codes.ts";
import { writeNpy } from "../src/formats/npy.ts";
import type { Analysis } from "../src/pipeline/analysis/analyze-dictionary.ts";
import { writeAnalysis } from "../src/pipeline/analysis/write-analysis.ts";
import { publishDictionary } from "../src/pipeline/dictionary-folder.ts";
import { openEmbeddingSet } from "../src/pipeline/embedding-set.ts";
import { importEmbeddings } from "../src/pipeline/import.ts";
import { keepMatches } from "../src/pipeline/kept-matches.ts";
import { openOrCreateStudy } from "../src/pipeline/study.ts";
import type { BridgeRow, ConceptRow, ExampleRow, HistogramRow } from "../src/protocol/analysis-tables.ts";
import type { ReconstructionMetrics } from "../src/protocol/study.ts";

const dimension = 8;
const rows = 4000;
const pictures = 240;
const bins = 20;
const nouns = ["dog", "bridge", "harbour", "chair", "rose", "train", "clock", "mountain", "bottle", "kite"];
const kinds = ["red", "old", "wooden", "striped", "broken", "tiny", "painted", "wet", "folded", "bright"];
const places = ["in the rain", "on a table", "at night", "by the sea", "in a garden", "seen from above"];

export async function makeSyntheticStudy(
  folder: string,
  { concepts, runs = 1, seed = 0 }: { concepts: number; runs?: number; seed?: number },
): Promise<string> {
  await mkdir(join(folder, "pictures"), { recursive: true });
  const random = Random.of(seed, "synthetic study");
  const set = await makeSet(folder, random);
  const study = join(folder, "study");
  const opened = await openEmbeddingSet(set);
  await openOrCreateStudy(study, opened);
  await opened.close();
  for (let run = 0; run < runs; run++) {
    const name = `synthetic-${concepts}-seed${run}`;
    await publish(study, name, concepts, Random.of(seed + run, "atoms"));
    await writeAnalysis(study, name, analysisOf(name, concepts, Random.of(seed + run, "analysis")));
  }
  for (let run = 1; run < runs; run++) {
    const [a, b] = [`synthetic-${concepts}-seed0`, `synthetic-${concepts}-seed${run}`];
    const partner = random.permutation(concepts);
    const cosines = Array.from(partner, () => 1 - random.uniform() ** 2 * 0.9);
    await keepMatches(study, a, b, concepts, {
      by: "directions",
      a,
      b,
      matched: concepts,
      stability: cosines.reduce((sum, cosine) => sum + cosine, 0) / concepts,
      stabilityAtInit: null,
      stabilityRandom: 0.3,
      energyWeightedStability: 0.8,
      curve: [],
      matches: cosines.map((cosine, concept) => ({ concept, match: partner[concept], cosine, energy: 1 })),
    });
  }
  return study;
}

async function makeSet(folder: string, random: Random): Promise<string> {
  for (let picture = 0; picture < pictures; picture++) {
    const colour = (share: number) =>
      `hsl(${Math.floor(360 * random.uniform())} ${Math.floor(45 + 40 * random.uniform())}% ${share}%)`;
    const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="224" height="224"><rect width="224" height="224" fill="${colour(78)}"/><circle cx="${40 + 140 * random.uniform()}" cy="${40 + 140 * random.uniform()}" r="${24 + 60 * random.uniform()}" fill="${colour(48)}"/><rect x="${20 + 120 * random.uniform()}" y="${20 + 120 * random.uniform()}" width="${30 + 60 * random.uniform()}" height="${30 + 60 * random.uniform()}" fill="${colour(34)}"/></svg>`;
    const jpeg = await sharp(Buffer.from(svg)).jpeg({ quality: 80 }).toBuffer();
    await writeFile(join(folder, "pictures", `${picture}.jpg`), jpeg);
  }
  const values = () =>
    writeNpy(
      Float32Array.from({ length: rows * dimension }, () => random.normal()),
      [rows, dimension],
    );
  await writeFile(join(folder, "images.npy"), values());
  await writeFile(join(folder, "texts.npy"), values());
  const lines = (row: (i: number) => object) =>
    `${Array.from({ length: rows }, (_, i) => JSON.stringify(row(i))).join("\n")}\n`;
  const pick = (words: readonly string[]) => words[Math.floor(random.uniform() * words.length)];
  await writeFile(
    join(folder, "images.jsonl"),
    lines((i) => ({ file: `${i % pictures}.jpg` })),
  );
  await writeFile(
    join(folder, "texts.jsonl"),
    lines((i) => ({ caption: `a ${pick(kinds)} ${pick(nouns)} ${pick(places)}, ${i}` })),
  );
  const out = join(folder, "set");
  await importEmbeddings({
    images: [join(folder, "images.npy")],
    texts: [join(folder, "texts.npy")],
    imageItems: join(folder, "images.jsonl"),
    textItems: join(folder, "texts.jsonl"),
    imageRoot: join(folder, "pictures"),
    pairedRows: true,
    out,
  });
  return out;
}

async function publish(study: string, name: string, concepts: number, random: Random): Promise<void> {
  const atoms = Float32Array.from({ length: concepts * dimension }, () => random.normal());
  const biases = { encoderBias: new Float32Array(concepts), decoderBias: new Float32Array(dimension) };
  const nothing: ReconstructionMetrics = {
    rows,
    r2: null,
    r2ScalarMean: null,
    fvu: null,
    cosine: 0,
    activePerSample: 0,
    deadFraction: 0,
  };
  await publishDictionary(study, name, {
    fitted: {
      dictionary: {
        dimension,
        concepts,
        atoms,
        encoder: atoms,
        activation: { kind: "relu" },
        biases: { image: biases, text: biases },
      },
      initialAtoms: null,
      split: { train: Uint32Array.of(0), heldOut: new Uint32Array() },
      preparation: {
        centring: "none",
        mean: { image: new Float32Array(dimension), text: new Float32Array(dimension) },
        scale: 1,
      },
      steps: 0,
      ended: "completed",
      notes: [],
    },
    run: {
      schemaVersion: 1,
      kind: "run",
      name,
      learner: "relu",
      options: {},
      config: {},
      version: "0",
      engine: { backend: "none", product: "none", threads: 1 },
      dataHash: "",
      diet: null,
      preparation: { centring: "none", scale: 1 },
      steps: 0,
      ended: "completed",
      notes: ["synthetic"],
      startedAt: "",
      seconds: 0,
      metrics: { all: nothing, image: null, text: null, train: nothing, heldOut: null },
    },
    history: [],
  });
}

function analysisOf(name: string, count: number, random: Random): Analysis {
  const clusters = Array.from({ length: Math.ceil(Math.sqrt(count) / 2) }, () => ({
    x: 9 * random.normal(),
    y: 6 * random.normal(),
    spread: 0.2 + random.uniform(),
    modality: random.uniform() < 0.4 ? 1 : random.uniform() < 0.5 ? 0 : random.uniform(),
  }));
  const concepts: ConceptRow[] = [];
  const examples: ExampleRow[] = [];
  const byImage: BridgeRow[] = [];
  const histograms: HistogramRow[] = [];
  const shown = 4;
  const perConcept = 3;
  for (let j = 0; j < count; j++) {
    const home = clusters[Math.floor(random.uniform() ** 2 * clusters.length)];
    const dead = random.uniform() < 0.03;
    const strength = dead ? 0 : 10 ** (-4 + 3 * random.uniform() ** 2);
    const noisy = home.modality + 0.15 * random.normal();
    const score = dead ? null : Math.min(1, Math.max(0, noisy));
    const sides = { image: (score ?? 0) * strength, text: (1 - (score ?? 1)) * strength };
    const active = (energy: number) =>
      energy > 0 ? Math.max(1, Math.round(rows * Math.sqrt(energy) * 0.3)) : 0;
    const x = home.x + home.spread * random.normal();
    const y = home.y + home.spread * random.normal();
    const ring = (2 * Math.PI * j) / count;
    concepts.push({
      concept: j,
      energy: strength,
      energyBalanced: strength,
      energySquared: strength ** 2,
      imageEnergy: sides.image,
      textEnergy: sides.text,
      imageFrequency: active(sides.image) / rows,
      textFrequency: active(sides.text) / rows,
      imageActive: active(sides.image),
      textActive: active(sides.text),
      imageMaximum: 10 * Math.sqrt(sides.image),
      textMaximum: 10 * Math.sqrt(sides.text),
      modalityScore: score,
      modalityScoreLow: score === null ? null : Math.max(0, score - 0.05),
      modalityScoreHigh: score === null ? null : Math.min(1, score + 0.05),
      modalityDirectionCosine: random.uniform(),
      modalityProbeCosine: random.uniform(),
      modalitySubspaceNorm: random.uniform(),
      directionAccuracy: 0.5 + random.uniform() / 2,
      activationAccuracy: 0.5 + random.uniform() / 2,
      monosemanticity: dead ? null : random.uniform(),
      imageBridges: perConcept,
      textBridges: perConcept,
      bridges: 2 * perConcept,
      significantBridges: Math.floor(random.uniform() * 2 * perConcept),
      x: dead ? 40 * Math.cos(ring) : x,
      y: dead ? 40 * Math.sin(ring) : y,
      pcaX: 0.3 * random.normal() + 0.02 * x,
      pcaY: 0.2 * random.normal() + 0.02 * y,
      topImage: dead ? null : examples.length % rows,
      topText: dead ? null : (examples.length * 7) % rows,
      exampleStart: examples.length,
      exampleCount: dead ? 0 : 2 * shown,
      bridgeStart: j * perConcept,
      bridgeCount: perConcept,
      bridgeByTextStart: j * perConcept,
      bridgeByTextCount: perConcept,
      neighbourStart: j,
      neighbourCount: 1,
      wordStart: 0,
      wordCount: 0,
      words: dead
        ? null
        : `${kinds[Math.floor(random.uniform() * kinds.length)]}, ${nouns[Math.floor(random.uniform() * nouns.length)]}`,
    });
    for (const modality of ["image", "text"] as const) {
      for (let rank = 0; rank < (dead ? 0 : shown); rank++) {
        const row = Math.floor(random.uniform() * rows);
        examples.push({ concept: j, modality, band: "top", rank, row, activation: 1 / (1 + rank) });
      }
      const counts = Array.from({ length: bins }, (_, bin) =>
        Math.floor((30 * random.uniform()) / (1 + bin)),
      );
      histograms.push({ concept: j, modality, upper: 1, counts });
    }
    for (let step = 1; step <= perConcept; step++) {
      const q = random.uniform() ** 3;
      byImage.push({
        imageConcept: j,
        textConcept: (j + step * 37) % count,
        coactivation: strength / step,
        cosine: 0.9 / step,
        score: (0.9 * strength) / step,
        pairs: 4,
        shuffleZ: 3,
        shuffleP: q,
        shuffleQ: q,
        permutedP: q,
        permutedQ: q,
      });
    }
  }
  const byText = byImage
    .map((bridge) => ({ ...bridge }))
    .sort((a, b) => a.textConcept - b.textConcept || b.score - a.score);
  const metrics: ReconstructionMetrics = {
    rows: 2 * rows,
    r2: 0.8,
    r2ScalarMean: 0.8,
    fvu: 0.2,
    cosine: 0.9,
    activePerSample: 16,
    deadFraction: 0.03,
  };
  const none: SparseCodes = {
    rows: 1,
    concepts: count,
    rowStart: Uint32Array.of(0, 0),
    concept: new Uint32Array(),
    value: new Float32Array(),
  };
  return {
    metrics: {
      name,
      learner: "relu",
      concepts: count,
      dimension,
      ...metrics,
      image: metrics,
      text: metrics,
      bridgeSum: 0.1,
      pairedInnerProduct: 0.1,
      map: { principalVariance: [0.11, 0.07] },
    },
    concepts,
    examples,
    bridges: {
      matrix: null,
      counts: {
        image: new Uint32Array(count),
        text: new Uint32Array(count),
        either: new Uint32Array(count),
        significant: new Uint32Array(count),
      },
      byImage,
      byText,
      bridgeSum: 0.1,
      pairedInnerProduct: 0.1,
      coactive: byImage.length,
      candidates: byImage.length,
      significant: 0,
      shuffleNull: null,
    },
    neighbours: {
      k: 1,
      index: Uint32Array.from({ length: count }, (_, j) => (j + 1) % count),
      product: new Float32Array(count).fill(0.9),
    },
    histograms,
    words: [],
    codes: { image: none, text: none },
  };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      concepts: { type: "string", default: "20000" },
      runs: { type: "string", default: "1" },
      seed: { type: "string", default: "0" },
    },
  });
  const [folder] = positionals;
  const concepts = Number(values.concepts);
  if (folder === undefined || !Number.isSafeInteger(concepts) || concepts < 10) {
    console.error("usage: node bench/synthetic-study.ts <folder> [--concepts 20000] [--runs 1] [--seed 0]");
    process.exit(2);
  }
  console.log(
    await makeSyntheticStudy(folder, { concepts, runs: Number(values.runs), seed: Number(values.seed) }),
  );
}
