/** The training loop: how it ends, what sets the threshold, and how dead concepts come back. */
import { describe, expect, it } from "vitest";
import { createReferenceBackend } from "../../kernels/reference/backend.ts";
import { modalities } from "../../base/rows.ts";
import { encodeRows } from "../codes.ts";
import { jointRows } from "../joint-rows.ts";
import type { Checkpoint, FitContext, Fitted, HistoryRow } from "../learner.ts";
import { learnerNamed } from "../registry.ts";
import { planted } from "../testing/planted.ts";
import { rowsOfModality } from "./calibrate.ts";
import type { RunState } from "./checkpoint.ts";

const shape = { dimension: 16, concepts: 24, active: 3, offset: 0.4 };
const small = planted({ seed: 4, images: 260, texts: 200, ...shape }).data;
const large = planted({ seed: 4, images: 1500, texts: 1200, ...shape }).data;
const base = { concepts: 32, k: 3, epochs: 4, batch: 50, seed: 1 };

interface Run {
  readonly fitted: Fitted;
  readonly history: readonly HistoryRow[];
}

async function fit(
  name: string,
  options: Record<string, unknown> = {},
  context: Partial<FitContext> = {},
  data = small,
): Promise<Run> {
  const learner = learnerNamed(name);
  const rows = data.image.rows + data.text.rows;
  const history: HistoryRow[] = [];
  const fitted = await learner.fit(
    data,
    learner.configure({ ...base, ...options }, { rows, dimension: data.dimension }),
    {
      backend: createReferenceBackend(),
      progress: () => {},
      log: (row) => {
        history.push(row);
      },
      ...context,
    },
  );
  return { fitted, history };
}

/** Active concepts per sample over the given rows, raw, with the finished dictionary. */
async function activeOn(data: typeof small, { dictionary }: Fitted, chosen: Uint32Array): Promise<number> {
  let active = 0;
  for (const modality of modalities) {
    const rows = rowsOfModality(jointRows(data), chosen, modality);
    active += (await encodeRows(dictionary, rows, modality, createReferenceBackend())).value.length;
  }
  return active / chosen.length;
}

describe("a run that diverges", () => {
  it("ends with the step and what to do", async () => {
    await expect(fit("topk", { lr: 1e30 })).rejects.toMatchObject({
      code: "bad-input",
      message: expect.stringMatching(/^training diverged at step [2-9]; lower --lr or set --clip$/),
    });
  });

  it("is not published where only its last step did it", async () => {
    await expect(fit("batch-topk", { lr: 1e300, epochs: 1, batch: 400 })).rejects.toThrow(
      "training diverged at its last step; lower --lr or set --clip",
    );
  });
});

describe("the threshold", () => {
  it.each(["batch-topk", "jumprelu", "relu", "gated", "matryoshka"])(
    "of %s gives unseen rows the asked L0 where enough are held out",
    async (name) => {
      const { fitted } = await fit(name, { k: 2.5 }, {}, large);
      expect(fitted.split.heldOut.length).toBe(270);
      expect(fitted.calibratedOn).toBe("held-out");
      expect(await activeOn(large, fitted, fitted.split.heldOut)).toBeCloseTo(2.5, 2);
      expect(fitted.notes).toEqual([]);
    },
  );

  it("is set by the training rows where few are held out", async () => {
    const { fitted } = await fit("batch-topk");
    expect(fitted.split.heldOut.length).toBe(46);
    expect(fitted.calibratedOn).toBe("train");
    expect(await activeOn(small, fitted, fitted.split.train)).toBeCloseTo(3, 2);
  });

  it.each([
    ["batch-topk", 30, 32],
    ["batch-topk", 1, 1],
    ["jumprelu", 20, 32],
    ["jumprelu", 32, 32],
    ["gated", 25, 32],
    ["matryoshka", 30, 32],
  ])("of %s, k %d of %d, ends with the L0 that can be reached, and says it", async (name, k, concepts) => {
    const { fitted } = await fit(name, { k, concepts });
    const reached = await activeOn(small, fitted, fitted.split.train);
    if (fitted.notes.length === 0) expect(reached).toBeCloseTo(k, 1);
    else {
      expect(reached).toBeLessThan(k);
      expect(fitted.notes).toEqual([
        expect.stringContaining(
          `asked for ${k} active concepts per sample, reached ${reached.toFixed(2)}: no more`,
        ),
      ]);
    }
  });

  it.each([25, 32])("of relu reaches %d of 32 by shifting its biases", async (k) => {
    const { fitted } = await fit("relu", { k });
    expect(await activeOn(small, fitted, fitted.split.train)).toBeCloseTo(k, 2);
    expect(fitted.notes).toEqual([]);
  });

  it("cannot be asked for more concepts than there are", () => {
    const set = { rows: 460, dimension: 16 };
    expect(() => learnerNamed("jumprelu").configure({ concepts: 8, k: 2, targetL0: 9 }, set)).toThrow(
      "targetL0 is 9 of 8 concepts; expected no more than there are",
    );
  });
});

describe("options of relu", () => {
  it("a given l1 is used as it is, and a larger one gives fewer active concepts", async () => {
    const light = await fit("relu", { l1: 0.01, epochs: 20 });
    const heavy = await fit("relu", { l1: 1, epochs: 20 });
    expect(light.history.every((row) => row["penalty"] === 0.01)).toBe(true);
    expect(light.fitted.calibratedOn).toBeUndefined();
    const rows = light.fitted.split.train;
    const [many, few] = [
      await activeOn(small, light.fitted, rows),
      await activeOn(small, heavy.fitted, rows),
    ];
    expect(few).toBeLessThan(0.8 * many);
  });
});

describe("the end of a run", () => {
  it("comes early when evaluations show no progress", async () => {
    const whole = await fit("topk", { epochs: 20 });
    expect(whole.fitted).toMatchObject({ steps: 165, ended: "completed" });
    const { fitted } = await fit("topk", { epochs: 20, patience: 2, plateau: 0.9 });
    // Ten evaluations: the first sets the mark, the next two are stale.
    expect(fitted).toMatchObject({ steps: 51, ended: "plateau" });
  });

  it("can be stopped while the threshold is set, and resumed to the same bytes", async () => {
    const whole = await fit("batch-topk");
    const stop = new AbortController();
    let kept: Checkpoint | undefined;
    const stopped = fit(
      "batch-topk",
      {},
      {
        signal: stop.signal,
        progress: ({ stage }) => {
          if (stage === "calibrate") stop.abort();
        },
        checkpoint: async (checkpoint) => {
          kept = structuredClone(checkpoint);
        },
      },
    );
    await expect(stopped).rejects.toMatchObject({
      code: "cancelled",
      message: "training stopped at step 33 of 33, during calibration",
    });
    expect((kept!.state as RunState).step).toBe(33);
    const resumed = await fit("batch-topk", {}, { resume: kept! });
    expect(resumed.fitted.dictionary).toEqual(whole.fitted.dictionary);
    expect(resumed.fitted).toMatchObject({ steps: 33, ended: "completed" });
  });
});

describe("balanced", () => {
  it("learns from as many images as texts, which is the mixture 50:50", async () => {
    const [balanced, mixed, plain] = [
      await fit("batch-topk", { balanced: true }),
      await fit("batch-topk", { epochMixture: "50:50" }),
      await fit("batch-topk"),
    ];
    expect(balanced.fitted.dictionary.atoms).toEqual(mixed.fitted.dictionary.atoms);
    expect(balanced.fitted.dictionary.atoms).not.toEqual(plain.fitted.dictionary.atoms);
  });
});

describe("revival", () => {
  const dying = { concepts: 128, k: 1, auxiliary: 0, deadAfter: 200, epochs: 20, lr: 3e-3 };
  const deadAtEnd = ({ history }: Run): number => history[history.length - 1]["deadFraction"];

  it.each(["batch-topk", "topk", "jumprelu", "relu", "gated", "matryoshka"])(
    "brings dead concepts of %s back",
    async (name) => {
      const without = await fit(name, { ...dying, reviveEvery: 0 });
      const revived = await fit(name, { ...dying, reviveEvery: 1 });
      expect(deadAtEnd(without)).toBeGreaterThan(0.1);
      expect(deadAtEnd(revived)).toBeLessThan(0.8 * deadAtEnd(without));
      expect(revived.fitted.dictionary.atoms).not.toEqual(without.fitted.dictionary.atoms);
    },
  );

  it("is what relu and gated have for their dead concepts, and not the auxiliary loss", () => {
    const set = { rows: 460, dimension: 16 };
    for (const name of ["relu", "gated"]) {
      expect(learnerNamed(name).configure({}, set)).toMatchObject({ auxiliary: 0, reviveEvery: 2 });
      expect(() => learnerNamed(name).configure({ auxiliary: 1 }, set)).toThrow(
        "auxiliary is 1; dead concepts",
      );
    }
    expect(learnerNamed("topk").configure({}, set)).toMatchObject({ auxiliary: 1, reviveEvery: 0 });
  });

  it.each(["batch-topk", "gated"])("of %s comes again with the same bytes after a stop", async (name) => {
    const options = { ...dying, reviveEvery: 2 };
    const whole = await fit(name, options);
    for (const at of [12, 30]) {
      const stop = new AbortController();
      let kept: Checkpoint | undefined;
      const stopped = fit(name, options, {
        signal: stop.signal,
        progress: ({ done }) => {
          if (done === at) stop.abort();
        },
        checkpoint: async (checkpoint) => {
          kept = structuredClone(checkpoint);
        },
      });
      await expect(stopped).rejects.toMatchObject({ code: "cancelled" });
      const resumed = await fit(name, options, { resume: kept! });
      expect(resumed.fitted.dictionary).toEqual(whole.fitted.dictionary);
    }
  });
});
