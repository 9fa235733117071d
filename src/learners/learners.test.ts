/** What every registered learner has to keep, and what the four methods promise. */
import { describe, expect, it } from "vitest";
import { silent } from "../base/progress.ts";
import { createReferenceBackend } from "../kernels/reference/backend.ts";
import { encodeRows } from "./codes.ts";
import type { Dictionary } from "./dictionary.ts";
import type { Checkpoint, Fitted, HistoryRow } from "./learner.ts";
import { learnerNamed, learners } from "./registry.ts";
import { fromSaelens, toSaelens } from "./saelens.ts";
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
const options = { concepts: 32, k: 2, epochs: 12, batch: 64, seed: 5 };

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
    learner.configure({ ...options, ...changes }, { rows, dimension: 24 }),
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

describe.each(learners.map(({ name }) => name))("%s", (name) => {
  it("lowers the loss, keeps atoms at unit norm and codes above zero", async () => {
    const { fitted, history } = await fit(name);
    expect(history[history.length - 1]["loss"]).toBeLessThan(0.9 * history[0]["loss"]);
    const { atoms, concepts, dimension } = fitted.dictionary;
    for (let j = 0; j < concepts; j++) {
      expect(Math.hypot(...atoms.subarray(j * dimension, (j + 1) * dimension))).toBeCloseTo(1, 6);
    }
    const codes = await encodeRows(fitted.dictionary, world.data.image, "image", createReferenceBackend());
    expect(codes.value.length).toBeGreaterThan(0);
    expect(codes.value.every((value) => value > 0)).toBe(true);
  });

  it("reaches the asked number of active concepts", async () => {
    const { fitted } = await fit(name);
    expect(Math.abs((await activePerSample(fitted.dictionary)) - 2)).toBeLessThan(0.15);
  });

  it("gives the same bytes for the same seed and others for another", async () => {
    const [a, b, c] = [await fit(name), await fit(name), await fit(name, { seed: 6 })];
    expect(a.fitted.dictionary.atoms).toEqual(b.fitted.dictionary.atoms);
    expect(a.fitted.dictionary.encoder).toEqual(b.fitted.dictionary.encoder);
    expect(a.fitted.dictionary.atoms).not.toEqual(c.fitted.dictionary.atoms);
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
  expect(() => learnerNamed("magic")).toThrow("expected one of batch-topk, topk, jumprelu, relu");
});
