/** What every registered learner has to keep, and what the sparse autoencoders promise besides. */
import { describe, expect, it } from "vitest";
import { silent } from "../base/progress.ts";
import { createReferenceBackend } from "../kernels/reference/backend.ts";
import { modalities } from "../base/rows.ts";
import { decodeCodes, encodeRows } from "./codes.ts";
import { hasSignedCodes, type Dictionary } from "./dictionary.ts";
import { fromTensors, toTensors } from "./dictionary-tensors.ts";
import type { Checkpoint, Fitted, HistoryRow } from "./learner.ts";
import { learnerNamed, learners } from "./registry.ts";
import { fitsSaelens, fromSaelens, toSaelens } from "./saelens.ts";
import { planted } from "./testing/planted.ts";

const world = planted({
  seed: 3,
  images: 700,
  texts: 500,
  dimension: 24,
  concepts: 20,
  active: 2,
  offset: 0.5,
});
const rows = world.data.image.rows + world.data.text.rows;
const optionsOf = {
  sae: { concepts: 32, k: 2, epochs: 12, batch: 64, seed: 5 },
  factorization: { concepts: 20, seed: 5 },
};
/** What a learner needs beyond its family's options here. */
const ownOptions: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  nmf: { splitSigns: true, iterations: 30 },
  "semi-nmf": { iterations: 30 },
  "convex-nmf": { iterations: 6, candidates: 60 },
  "dictionary-learning": { targetL0: 4, epochs: 2, batch: 128 },
  "fixed-text": { targetL0: 4, vocabulary: "the planted atoms" },
};

async function fit(
  name: string,
  changes: Record<string, unknown> = {},
  stop?: { at: number; keep: (checkpoint: Checkpoint) => void; from?: Checkpoint },
): Promise<{ fitted: Fitted; history: HistoryRow[] }> {
  const learner = learnerNamed(name);
  const history: HistoryRow[] = [];
  const controller = new AbortController();
  const fitted = await learner.fit(
    world.data,
    learner.configure(
      { ...optionsOf[learner.family], ...ownOptions[name], ...changes },
      { rows, dimension: 24 },
    ),
    {
      backend: createReferenceBackend(),
      progress: silent,
      log: (row) => {
        history.push(row);
        if (stop?.from === undefined && stop !== undefined && row["step"] >= stop.at) controller.abort();
      },
      signal: controller.signal,
      ...(stop?.from === undefined ? {} : { resume: stop.from }),
      checkpoint: async (checkpoint) => stop?.keep(checkpoint),
      vocabulary: async () => ({ vectors: world.atoms, names: null }),
    },
  );
  return { fitted, history };
}

async function activePerSample(dictionary: Dictionary): Promise<number> {
  const backend = createReferenceBackend();
  const image = await encodeRows(dictionary, world.data.image, "image", backend);
  const text = await encodeRows(dictionary, world.data.text, "text", backend);
  return (image.value.length + text.value.length) / rows;
}

const withSignedCodes = new Set([
  "pca",
  "svd",
  "ica",
  "sparse-pca",
  "random",
  "identity",
  "dictionary-learning",
]);
/** Every learner with its defaults, and those whose options decide whether codes are signed. */
const promises = [
  ...learners.map(({ name }) => ({ title: name, name, options: {}, signed: withSignedCodes.has(name) })),
  {
    title: "random with more concepts than dimensions",
    name: "random",
    options: { concepts: 60, k: 4 },
    signed: false,
  },
  {
    title: "dictionary-learning with positive codes",
    name: "dictionary-learning",
    options: { positive: true },
    signed: false,
  },
];

describe.each(promises)("$title", ({ name, options, signed }) => {
  it("keeps atoms at unit norm, codes above zero unless they are signed, and as many active as it says", async () => {
    const { atoms, concepts, dimension, ...dictionary } = (await fit(name, options)).fitted.dictionary;
    for (let j = 0; j < concepts; j++) {
      expect(Math.hypot(...atoms.subarray(j * dimension, (j + 1) * dimension))).toBeCloseTo(1, 6);
    }
    const whole = { atoms, concepts, dimension, ...dictionary };
    const codes = await encodeRows(whole, world.data.image, "image", createReferenceBackend());
    expect(codes.value.length).toBeGreaterThan(0);
    expect(hasSignedCodes(whole)).toBe(signed);
    expect(codes.value.some((value) => value < 0)).toBe(signed);
    const active = codes.value.length / world.data.image.rows;
    const activity = learnerNamed(name).activity?.(concepts, dimension) ?? "some";
    if (activity === "some") expect(active).toBeLessThan(0.99 * concepts);
    else expect(active).toBeCloseTo(activity === "all" ? concepts : 1, 1);
  });

  it("explains rows better than their mean does", async () => {
    const { dictionary } = (await fit(name, options)).fitted;
    const sums = reconstructionSums();
    for (const modality of modalities) {
      const source = world.data[modality];
      const x = new Float32Array(source.rows * 24);
      await source.readRange(0, source.rows, x);
      const codes = await encodeRows(dictionary, source, modality, createReferenceBackend());
      sums.add(x, decodeCodes(codes, dictionary, modality));
    }
    expect(sums.r2()).toBeGreaterThan(0.2);
  });

  it("gives the same bytes for the same seed and others for another", async () => {
    const [a, b, c] = [
      await fit(name, options),
      await fit(name, options),
      await fit(name, { ...options, seed: 6 }),
    ];
    expect(a.fitted.dictionary).toEqual(b.fitted.dictionary);
    expect(a.fitted.dictionary).not.toEqual(c.fitted.dictionary);
  });

  it("survives being written as tensors, with centring per modality too", async () => {
    for (const center of ["global", "per-modality", "none"]) {
      const { dictionary } = (await fit(name, { ...options, center })).fitted;
      expect(fromTensors(toTensors(dictionary))).toEqual(dictionary);
    }
  });
});

/** Σ‖x−x̂‖² and Σ‖x−μ‖² over all rows, in plain loops. */
function reconstructionSums() {
  let error = 0;
  let squares = 0;
  let count = 0;
  const mean = new Float64Array(24);
  return {
    add(x: Float32Array, rebuilt: Float32Array): void {
      for (let i = 0; i < x.length; i++) {
        error += (x[i] - rebuilt[i]) ** 2;
        squares += x[i] ** 2;
        mean[i % 24] += x[i];
      }
      count += x.length / 24;
    },
    r2(): number {
      let meanSquare = 0;
      for (const sum of mean) meanSquare += (sum / count) ** 2;
      return 1 - error / (squares - count * meanSquare);
    },
  };
}

const autoencoders = learners.filter(({ family }) => family === "sae").map(({ name }) => name);

describe.each(autoencoders)("%s", (name) => {
  it("lowers the loss", async () => {
    const { history } = await fit(name);
    expect(history[history.length - 1]["loss"]).toBeLessThan(0.9 * history[0]["loss"]);
  });

  it("reaches the asked number of active concepts", async () => {
    const { fitted } = await fit(name);
    expect(Math.abs((await activePerSample(fitted.dictionary)) - 2)).toBeLessThan(0.15);
  });

  it("stopped and resumed, ends with the bytes of an uninterrupted run", async () => {
    const whole = await fit(name);
    let kept: Checkpoint | undefined;
    const keep = (checkpoint: Checkpoint): void => {
      kept = structuredClone(checkpoint);
    };
    await expect(fit(name, {}, { at: 60, keep })).rejects.toMatchObject({ code: "cancelled" });
    expect(kept).toBeDefined();
    const resumed = await fit(name, {}, { at: Infinity, keep, from: kept! });
    expect(resumed.fitted.dictionary).toEqual(whole.fitted.dictionary);
    expect(resumed.history).toEqual(whole.history.slice(whole.history.length - resumed.history.length));
    expect(resumed.history.length).toBeLessThan(whole.history.length);
  });

  it("survives the SAELens layout, with centring per modality too", async () => {
    for (const center of ["global", "per-modality", "none"]) {
      const { dictionary } = (await fit(name, { center, epochs: 3 })).fitted;
      if (!fitsSaelens(dictionary)) {
        expect(name).toBe("orthogonal-matching-pursuit");
        expect(() => toSaelens(dictionary, "image")).toThrow(
          "SAELens has no architecture for orthogonal pursuit codes; expected jumprelu, topk, relu or plain pursuit",
        );
        continue;
      }
      const back = fromSaelens(
        toSaelens(dictionary, "image"),
        center === "per-modality" ? toSaelens(dictionary, "text") : undefined,
      );
      const backend = createReferenceBackend();
      for (const modality of ["image", "text"] as const) {
        const codes = await encodeRows(dictionary, world.data[modality], modality, backend);
        expect(await encodeRows(back, world.data[modality], modality, backend)).toEqual(codes);
      }
    }
  });
});

it("refuses what cannot be, in one line", () => {
  const learner = learnerNamed("topk");
  const set = { rows, dimension: 24 };
  expect(() => learner.configure({ k: 1.5 }, set)).toThrow("needs a whole number");
  expect(() => learner.configure({ nonsense: 1 }, set)).toThrow('has no option "nonsense"');
  expect(() => learner.configure({ concepts: 4, k: 8 }, set)).toThrow("k is 8 of 4 concepts");
  expect(() => learnerNamed("magic")).toThrow("expected one of batch-topk, topk, jumprelu, relu, ");
});
