/** SpLiCE codes of planted rows under the planted atoms, and what the learner refuses. */
import { describe, expect, it } from "vitest";
import { silent } from "../../base/progress.ts";
import type { RowSource } from "../../base/rows.ts";
import { createReferenceBackend } from "../../kernels/reference/backend.ts";
import { encodeRows } from "../codes.ts";
import { planted } from "../testing/planted.ts";
import { fixedText } from "./fixed-text.ts";

const world = planted({ seed: 4, images: 120, texts: 80, dimension: 16, concepts: 12, active: 2, offset: 1 });
const set = { rows: 200, dimension: 16 };
const backend = createReferenceBackend();
const names = Array.from({ length: 12 }, (_, j) => `word ${j}`);
const context = {
  backend,
  progress: silent,
  log: () => {},
  vocabulary: async (path: string) => ({
    vectors: path === "short" ? world.atoms.slice(0, 40) : world.atoms.map((value) => value * 3),
    names,
  }),
};

describe("fixed-text", () => {
  it("explains rows by few given atoms, as many as asked", async () => {
    const config = fixedText.configure({ vocabulary: "words", targetL0: 3 }, set);
    const { dictionary, conceptNames, initialAtoms } = await fixedText.fit(world.data, config, context);
    expect(dictionary.concepts).toBe(12);
    expect(conceptNames).toEqual(names);
    expect(initialAtoms).toBeNull();
    const codes = await encodeRows(dictionary, world.data.image, "image", backend);
    expect(Math.abs(codes.value.length / 120 - 3)).toBeLessThan(0.7);
    expect(codes.value.every((z) => z > 0)).toBe(true);
  });

  it("centres unit vectors of the vocabulary by their mean, and makes them unit again", async () => {
    const config = fixedText.configure({ vocabulary: "words", l1: 0.1 }, set);
    const { dictionary } = await fixedText.fit(world.data, config, context);
    const mean = Array.from({ length: 16 }, (_, t) => {
      let sum = 0;
      for (let j = 0; j < 12; j++) sum += world.atoms[j * 16 + t];
      return sum / 12;
    });
    const first = Array.from(world.atoms.subarray(0, 16), (value, t) => value - mean[t]);
    const norm = Math.hypot(...first);
    first.forEach((value, t) => expect(dictionary.atoms[t]).toBeCloseTo(value / norm, 5));
    expect(dictionary.biases.image.decoderBias).not.toEqual(dictionary.biases.text.decoderBias);
  });

  it("uses the first entries of a vocabulary when fewer are asked for", async () => {
    const config = fixedText.configure({ vocabulary: "words", concepts: 5, l1: 0.1, center: "none" }, set);
    const { dictionary, conceptNames } = await fixedText.fit(world.data, config, context);
    expect([dictionary.concepts, conceptNames?.length]).toEqual([5, 5]);
    dictionary.atoms.forEach((value, e) => expect(value).toBeCloseTo(world.atoms[e], 5));
  });

  it("says what L0 it reached where rows need no more, also with fewer entries than that", async () => {
    const config = fixedText.configure({ vocabulary: "words", targetL0: 40 }, set);
    expect(config.targetL0).toBe(40);
    const { notes } = await fixedText.fit(world.data, config, context);
    expect(notes).toHaveLength(1);
    expect(notes[0]).toMatch(/^asked for 40 active concepts per sample, reached \d+\.\d\d \(l1 /);
    expect(() => fixedText.configure({ vocabulary: "words", concepts: 12, targetL0: 40 }, set)).toThrow(
      "targetL0 is 40; there are 12 concepts",
    );
  });

  it("reads no more rows than it needs at once, reports where it is, and stops when asked", async () => {
    const gathered: number[] = [];
    const counted = (source: RowSource): RowSource => ({
      ...source,
      gather: (indices, out, offset) => {
        gathered.push(indices.length);
        return source.gather(indices, out, offset);
      },
    });
    const many = planted({ seed: 1, images: 4000, texts: 2500, dimension: 16, concepts: 12, active: 2 }).data;
    const data = { ...many, image: counted(many.image), text: counted(many.text) };
    const config = fixedText.configure(
      { vocabulary: "words", targetL0: 2, heldOut: 0.5 },
      { rows: 6500, dimension: 16 },
    );
    const stages = new Set<string>();
    const controller = new AbortController();
    const watched = { ...context, signal: controller.signal };
    await fixedText.fit(data, config, { ...watched, progress: ({ stage }) => void stages.add(stage) });
    expect([...stages]).toEqual(["read", "search the penalty"]);
    expect(Math.max(...gathered)).toBeLessThanOrEqual(2048);
    for (const wanted of stages) {
      const stop = new AbortController();
      const stopped = fixedText.fit(data, config, {
        ...context,
        signal: stop.signal,
        progress: ({ stage }) => stage === wanted && stop.abort(),
      });
      await expect(stopped).rejects.toMatchObject({ code: "cancelled" });
    }
  });

  it("says in one line what it lacks", async () => {
    expect(() => fixedText.configure({}, set)).toThrow("give one with --vocabulary");
    const missing = fixedText.configure({ vocabulary: "words", concepts: 13, l1: 0.1 }, set);
    await expect(fixedText.fit(world.data, missing, context)).rejects.toThrow(
      "the vocabulary has 12 entries; expected at least 13",
    );
    const ragged = fixedText.configure({ vocabulary: "short", l1: 0.1 }, set);
    await expect(fixedText.fit(world.data, ragged, context)).rejects.toThrow("no rows of 16 dimensions");
  });
});
