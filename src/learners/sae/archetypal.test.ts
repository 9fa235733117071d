/** The steps of `archetypal` against overcomplete and PyTorch, and its atoms against their hull. */
import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { silent } from "../../base/progress.ts";
import { createReferenceBackend } from "../../kernels/reference/backend.ts";
import { assign } from "../../linalg/linear-assignment.ts";
import type { Checkpoint } from "../learner.ts";
import { learnerNamed } from "../registry.ts";
import { planted } from "../testing/planted.ts";
import { archetypal } from "./archetypal.ts";
import { resolveConfig } from "./config.ts";
import { allocateParameters } from "./parameters.ts";
import { createStepper } from "./step.ts";

interface Fixture {
  readonly rows: number;
  readonly dimension: number;
  readonly concepts: number;
  readonly candidates: number;
  readonly k: number;
  readonly rate: number;
  readonly beta1: number;
  readonly beta2: number;
  readonly delta: number;
  readonly start: Readonly<
    Record<"points" | "weights" | "relaxation" | "encoder" | "encoderBias" | "decoderBias", number[]>
  >;
  readonly steps: readonly Readonly<
    Record<"x" | "weights" | "relaxation" | "atoms" | "encoder", number[]> & { loss: number }
  >[];
}
const file = new URL("../../../test/fixtures/kernels/archetypal-steps.json", import.meta.url);
const fixture = JSON.parse(readFileSync(file, "utf8")) as Fixture;

function expectClose(what: string, found: ArrayLike<number>, expected: readonly number[]): void {
  expect(found.length, what).toBe(expected.length);
  let worst = 0;
  expected.forEach((value, i) => {
    worst = Math.max(worst, Math.abs(found[i] - value) / (1 + Math.abs(value)));
  });
  expect(worst, what).toBeLessThan(5e-5);
}

it("learns weights and relaxations as overcomplete's dictionary does under PyTorch's Adam", async () => {
  const { rows, dimension, concepts, candidates, k, rate, beta1, beta2, delta, start } = fixture;
  const backend = createReferenceBackend();
  const given = { concepts, k, batch: rows, beta1, beta2, auxiliary: 0, heldOut: 0 };
  const mixture = { candidates, support: candidates, relaxation: delta };
  const config = resolveConfig({ ...given, ...mixture }, { rows, dimension }, archetypal);
  const parameters = allocateParameters(backend, concepts, dimension, { archetypes: mixture });
  const archetypes = parameters.archetypes!;
  archetypes.points.set(start.points);
  archetypes.mixed.set(Array.from({ length: concepts * candidates }, (_, at) => at % candidates));
  archetypes.weights.values.set(start.weights);
  archetypes.relaxation.values.set(start.relaxation);
  backend.write(parameters.encoder.values, Float32Array.from(start.encoder));
  backend.write(parameters.encoderBias.values, Float32Array.from(start.encoderBias));
  backend.write(parameters.decoderBias.values, Float32Array.from(start.decoderBias));
  const atoms = new Float32Array(concepts * dimension);
  for (let j = 0; j < concepts; j++) {
    const own = atoms.subarray(j * dimension, (j + 1) * dimension);
    for (let t = 0; t < dimension; t++) {
      own[t] = start.relaxation[j * dimension + t];
      for (let i = 0; i < candidates; i++) {
        own[t] += start.weights[j * candidates + i] * start.points[i * dimension + t];
      }
    }
    const norm = Math.hypot(...own);
    for (let t = 0; t < dimension; t++) own[t] /= norm;
  }
  backend.write(parameters.atoms.values, atoms);
  const stepper = createStepper(backend, config, parameters, archetypal.begin(config, parameters, 1));
  expect(fixture.steps.length).toBe(4);
  for (const [index, expected] of fixture.steps.entries()) {
    const { loss } = await stepper.step(Float32Array.from(expected.x), index, rate);
    const at = `step ${index + 1}`;
    expect(loss).toBeCloseTo(expected.loss, 4);
    expectClose(`${at}: weights`, archetypes.weights.values, expected.weights);
    expectClose(`${at}: relaxation`, archetypes.relaxation.values, expected.relaxation);
    expectClose(`${at}: atoms`, await backend.read(parameters.atoms.values), expected.atoms);
    expectClose(`${at}: encoder`, await backend.read(parameters.encoder.values), expected.encoder);
  }
});

const dimension = 12;
const world = planted({ seed: 8, images: 300, texts: 300, dimension, concepts: 10, active: 2 });

/** The last checkpoint of a run, and its atoms. */
async function fit(given: Record<string, unknown>) {
  const learner = learnerNamed("archetypal");
  const options = { concepts: 24, k: 2, epochs: 10, batch: 32, checkpointEvery: 1, center: "none" };
  const config = learner.configure({ ...options, scale: false, ...given }, { rows: 600, dimension });
  let last: Checkpoint | undefined;
  const { dictionary } = await learner.fit(world.data, config, {
    backend: createReferenceBackend(),
    progress: silent,
    log: () => {},
    checkpoint: async (checkpoint) => {
      last = checkpoint;
    },
  });
  return { dictionary, tensors: last!.tensors };
}

it("keeps atoms in the relaxed hull of rows of the data", async () => {
  const { tensors } = await fit({ candidates: 20, support: 6, relaxation: 0.2 });
  const of = (name: string): Float32Array | Uint32Array => tensors.get(name)!.data;
  const [points, mixed, weights] = [of("candidates"), of("mixed"), of("weights")];
  const [relaxation, atoms] = [of("relaxation"), of("atoms")];
  const rows = new Float32Array(600 * dimension);
  await world.data.image.readRange(0, 300, rows);
  await world.data.text.readRange(0, 300, rows, 300 * dimension);
  for (let i = 0; i < 20; i++) {
    const point = points.subarray(i * dimension, (i + 1) * dimension);
    const isRow = (row: number): boolean => point.every((value, t) => value === rows[row * dimension + t]);
    expect(Array.from({ length: 600 }, (_, row) => row).some(isRow)).toBe(true);
  }
  let longest = 0;
  for (let j = 0; j < 24; j++) {
    const own = Array.from(weights.subarray(j * 6, (j + 1) * 6));
    expect(Math.min(...own)).toBeGreaterThanOrEqual(0);
    expect(own.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 5);
    const left = Array.from(relaxation.subarray(j * dimension, (j + 1) * dimension));
    longest = Math.max(longest, Math.hypot(...left));
    const mixture = left.map((value, t) =>
      own.reduce((sum, w, at) => sum + w * points[mixed[j * 6 + at] * dimension + t], value),
    );
    const norm = Math.hypot(...mixture);
    mixture.forEach((value, t) => expect(atoms[j * dimension + t]).toBeCloseTo(value / norm, 4));
  }
  expect(longest).toBeLessThan(0.2 + 1e-6);
  expect(longest).toBeGreaterThan(0.19);
});

/** The distance of a unit vector from the cone of the points, by coordinate descent on w ≥ 0. */
function distanceFromCone(vector: Float32Array, points: ArrayLike<number>[]): number {
  const w = new Float64Array(points.length);
  const left = Float64Array.from(vector);
  for (let sweep = 0; sweep < 3000; sweep++) {
    points.forEach((point, i) => {
      let [along, square] = [0, 0];
      for (let t = 0; t < left.length; t++) {
        along += point[t] * left[t];
        square += point[t] ** 2;
      }
      const next = Math.max(0, w[i] + along / square);
      for (let t = 0; t < left.length; t++) left[t] -= (next - w[i]) * point[t];
      w[i] = next;
    });
  }
  return Math.hypot(...left);
}

it("without relaxation every atom is a mixture of the candidates, as a solver finds on its own", async () => {
  const { dictionary, tensors } = await fit({ candidates: 10, support: 4, relaxation: 0 });
  const data = tensors.get("candidates")!.data;
  const points = Array.from({ length: 10 }, (_, i) => data.subarray(i * dimension, (i + 1) * dimension));
  const start = tensors.get("initialAtoms")!.data;
  let moved = 0;
  for (let j = 0; j < 24; j++) {
    const atom = dictionary.atoms.subarray(j * dimension, (j + 1) * dimension);
    expect(distanceFromCone(atom, points)).toBeLessThan(1e-4);
    moved = Math.max(moved, Math.hypot(...atom.map((value, t) => value - start[j * dimension + t])));
  }
  expect(moved).toBeGreaterThan(0.1);
  // A free dictionary does not stay there.
  const free = await learnerNamed("batch-topk").fit(
    world.data,
    learnerNamed("batch-topk").configure(
      { concepts: 24, k: 2, epochs: 10, batch: 32, center: "none", scale: false },
      { rows: 600, dimension },
    ),
    { backend: createReferenceBackend(), progress: silent, log: () => {} },
  );
  const { atoms } = free.dictionary;
  expect(distanceFromCone(atoms.subarray(0, dimension), points)).toBeGreaterThan(0.01);
});

/** Mean cosine of the atoms of seeds 0 and 1 under the best one-to-one matching. */
async function stability(name: string): Promise<number> {
  const learner = learnerNamed(name);
  const atoms = await Promise.all(
    [0, 1].map(async (seed) => {
      const options = { concepts: 40, k: 2, epochs: 30, batch: 32, seed };
      const config = learner.configure(options, { rows: 600, dimension });
      const context = { backend: createReferenceBackend(), progress: silent, log: () => {} };
      return (await learner.fit(world.data, config, context)).dictionary.atoms;
    }),
  );
  const cosines = new Float64Array(40 * 40);
  for (let i = 0; i < 40; i++) {
    for (let j = 0; j < 40; j++) {
      for (let t = 0; t < dimension; t++) {
        cosines[i * 40 + j] += atoms[0][i * dimension + t] * atoms[1][j * dimension + t];
      }
    }
  }
  return assign(cosines, 40, 40, { maximize: true }).total / 40;
}

it("learns more alike from other seeds than batch-topk", async () => {
  const [bound, free] = [await stability("archetypal"), await stability("batch-topk")];
  expect(bound).toBeGreaterThan(free + 0.05);
});

it("refuses options that have no meaning, in one line", () => {
  const configure = (name: string, given: object) => (): object =>
    learnerNamed(name).configure({ ...given }, { rows: 600, dimension });
  expect(configure("topk", { candidates: 10 })).toThrow("topk mixes no archetypes, archetypal does");
  expect(configure("archetypal", { reviveEvery: 2 })).toThrow("cannot move atoms to rows");
});
