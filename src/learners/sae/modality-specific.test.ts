/** The modality-specific design, for every autoencoder but one. */
import { describe, expect, it } from "vitest";
import { silent } from "../../base/progress.ts";
import { modalities } from "../../base/rows.ts";
import { createReferenceBackend } from "../../kernels/reference/backend.ts";
import { encodeRows } from "../codes.ts";
import { fromTensors, toTensors } from "../dictionary-tensors.ts";
import type { Checkpoint, Fitted, HistoryRow } from "../learner.ts";
import { learnerNamed, learners } from "../registry.ts";
import { fitsSaelens, fromSaelens, toSaelens } from "../saelens.ts";
import { heterogeneous } from "../testing/heterogeneous.ts";

const dimension = 16;
const concepts = 8;

const world = heterogeneous({ seed: 4, images: 600, pairs: 500, dimension, concepts });
const rows = world.image.rows + world.text.rows;
const options = { design: "modality-specific", concepts: 24, imageConcepts: 14, k: 2, batch: 64, seed: 5 };

async function fit(
  name: string,
  changes: Record<string, unknown> = {},
  stop?: { at: number; keep: (checkpoint: Checkpoint) => void; from?: Checkpoint },
): Promise<{ fitted: Fitted; history: HistoryRow[] }> {
  const learner = learnerNamed(name);
  const history: HistoryRow[] = [];
  const controller = new AbortController();
  const config = learner.configure({ ...options, epochs: 12, ...changes }, { rows, dimension });
  const fitted = await learner.fit(world, config, {
    backend: createReferenceBackend(),
    progress: silent,
    log: (row) => {
      history.push(row);
      if (stop && !stop.from && row["step"] >= stop.at) controller.abort();
    },
    signal: controller.signal,
    ...(stop?.from && { resume: stop.from }),
    checkpoint: async (checkpoint) => stop?.keep(checkpoint),
  });
  return { fitted, history };
}

/** Those that the design is offered for. */
const able = learners
  .filter(({ family }) => family === "sae")
  .map(({ name }) => name)
  .filter((name) => {
    try {
      learnerNamed(name).configure(options, { rows, dimension });
      return true;
    } catch {
      return false;
    }
  });

it("is offered for every autoencoder but aligned, which says why", () => {
  const all = learners.filter(({ family }) => family === "sae").map(({ name }) => name);
  expect(able).toEqual(all.filter((name) => name !== "aligned"));
  expect(() => learnerNamed("aligned").configure(options, { rows, dimension })).toThrow(
    "aligned compares the codes of an image and its text in one dictionary, and the design modality-specific has none for both",
  );
});

describe.each(able)("%s", (name) => {
  it("keeps every concept to its modality, before and after it is saved", async () => {
    const { fitted } = await fit(name);
    const { dictionary } = fitted;
    const pursues = dictionary.activation.kind === "pursuit";
    expect(fitsSaelens(dictionary)).toBe(!pursues);
    const back = pursues
      ? fromTensors(toTensors(dictionary))
      : fromSaelens(toSaelens(dictionary, "image"), toSaelens(dictionary, "text"));
    expect([dictionary.concepts, fitted.initialAtoms?.length]).toEqual([24, 24 * dimension]);
    for (const modality of modalities) {
      const codes = await encodeRows(dictionary, world[modality], modality, createReferenceBackend());
      const own = codes.concept.every((j) => j < 14 === (modality === "image"));
      expect({ own, some: codes.concept.length > 0 }).toEqual({ own: true, some: true });
      expect(await encodeRows(back, world[modality], modality, createReferenceBackend())).toEqual(codes);
    }
  });

  it.each([20, 130])("stopped after step %i and resumed, ends with the same bytes", async (at) => {
    const whole = await fit(name);
    let kept: Checkpoint | undefined;
    const keep = (checkpoint: Checkpoint): void => {
      kept = structuredClone(checkpoint);
    };
    await expect(fit(name, {}, { at, keep })).rejects.toMatchObject({ code: "cancelled" });
    const resumed = await fit(name, {}, { at: Infinity, keep, from: kept! });
    expect(resumed.fitted).toEqual(whole.fitted);
    expect(resumed.history).toEqual(whole.history.slice(whole.history.length - resumed.history.length));
    expect(resumed.history.length).toBeLessThan(whole.history.length);
    expect(resumed.history.at(-1)["step"]).toBe(whole.fitted.steps);
  });
});

it("matches the concepts that fire on the same pairs, whatever their directions", async () => {
  const { fitted } = await fit("batch-topk", { concepts: 32, imageConcepts: 16, epochs: 60 });
  const { dictionary, matches = [] } = fitted;
  expect(matches.map(({ imageConcept }) => imageConcept)).toEqual(Array.from({ length: 16 }, (_, i) => i));
  expect(new Set(matches.map(({ textConcept }) => textConcept)).size).toBe(16);
  /** The planted concept of a modality that is nearest to concept j. */
  const nearest = (modality: "image" | "text", j: number): number => {
    const cosines = Array.from({ length: concepts }, (_, g) => {
      let sum = 0;
      for (let t = 0; t < dimension; t++) {
        sum += dictionary.atoms[j * dimension + t] * world.planted[modality][g * dimension + t];
      }
      return sum;
    });
    return cosines.indexOf(Math.max(...cosines));
  };
  const sure = matches.filter(({ correlation }) => correlation !== null && correlation > 0.6);
  const right = sure.filter((m) => nearest("image", m.imageConcept) === nearest("text", m.textConcept));
  expect(sure.length).toBeGreaterThanOrEqual(6);
  expect(right.length).toBe(sure.length);
  await expectPearson(fitted, sure[0].imageConcept, sure[0].textConcept, sure[0].correlation!);
  // Directions were drawn apart, so it is the correlation that finds them.
  expect(Math.max(...right.map(({ cosine }) => Math.abs(cosine)))).toBeLessThan(0.8);
  expect(Math.min(...right.map(({ coactive }) => coactive))).toBeGreaterThan(20);
});

/** Pearson's r from dense columns, over the pairs both of whose rows were trained on. */
async function expectPearson(fitted: Fitted, i: number, j: number, reported: number): Promise<void> {
  const trained = new Set(fitted.split.train);
  const column = async (modality: "image" | "text", concept: number): Promise<number[]> => {
    const backend = createReferenceBackend();
    const codes = await encodeRows(fitted.dictionary, world[modality], modality, backend);
    const out = Array.from({ length: codes.rows }, () => 0);
    for (let row = 0; row < codes.rows; row++) {
      for (let e = codes.rowStart[row]; e < codes.rowStart[row + 1]; e++) {
        if (codes.concept[e] === concept) out[row] = codes.value[e];
      }
    }
    return Array.from(world.pairs.image.keys())
      .filter((p) => trained.has(p) && trained.has(world.image.rows + p))
      .map((p) => out[p]);
  };
  const [a, b] = [await column("image", i), await column("text", j)];
  const mean = (values: number[]): number => values.reduce((sum, v) => sum + v, 0) / values.length;
  const covariance = (u: number[], v: number[]): number =>
    mean(u.map((value, p) => (value - mean(u)) * (v[p] - mean(v))));
  expect(reported).toBeCloseTo(covariance(a, b) / Math.sqrt(covariance(a, a) * covariance(b, b)), 6);
}

it("refuses in one line what has no meaning in it", () => {
  const configure = (given: Record<string, unknown>): object =>
    learnerNamed("topk").configure({ ...options, ...given }, { rows, dimension });
  expect(() => configure({ epochMixture: "50:50" })).toThrow("trains each alone");
  expect(() => configure({ imageConcepts: 23 })).toThrow("at least k for each modality");
  expect(() => configure({ design: "shared" })).toThrow("needs the design modality-specific");
});
