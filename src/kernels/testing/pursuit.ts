/**
 * Pursuits of a backend beside the reference's: with and without a given Gram matrix, in several
 * sizes, within the tolerances of the conformance tests. A reference in float64 picks the same
 * concepts unless two correlations nearly tie.
 */
import { afterAll, beforeAll, describe, it } from "vitest";
import { Random } from "../../base/random.ts";
import type { SparseCodes } from "../../base/sparse-codes.ts";
import type { Backend, GradientTerm, Pursuit } from "../backend.ts";
import { createReferenceBackend } from "../reference/backend.ts";
import { expectClose } from "./conformance.ts";
import { floatsFrom, integersFrom, makeState, readState, unitRows, type Shape } from "./problem.ts";

const shapes: readonly (Shape & { k: number })[] = [
  { rows: 1, dimension: 1, concepts: 1, k: 2 },
  { rows: 3, dimension: 5, concepts: 2, k: 4 },
  { rows: 5, dimension: 8, concepts: 17, k: 0 },
  { rows: 33, dimension: 13, concepts: 70, k: 5 },
  { rows: 1100, dimension: 9, concepts: 30, k: 3 },
  { rows: 9, dimension: 37, concepts: 803, k: 12 },
];

function dense({ rows, concepts, rowStart, concept, value }: SparseCodes): Float32Array {
  const out = new Float32Array(rows * concepts);
  for (let i = 0; i < rows; i++) {
    for (let e = rowStart[i]; e < rowStart[i + 1]; e++) out[i * concepts + concept[e]] = value[e];
  }
  return out;
}

/** Codes, auxiliary codes and steps of one pursuit. */
async function pursued(
  backend: Backend,
  shape: Shape,
  pursuit: Omit<Pursuit, "gram" | "picks" | "kind">,
  withGram: boolean,
): Promise<Map<string, Float32Array | Uint32Array>> {
  const { rows, dimension, concepts } = shape;
  const { k, orthogonal } = pursuit;
  const random = Random.of(5, "pursuit");
  const encoder = floatsFrom(backend, unitRows(random, concepts, dimension));
  const x = floatsFrom(backend, unitRows(random, rows, dimension));
  const encoderBias = floatsFrom(
    backend,
    Float32Array.from({ length: concepts }, () => 0.1 * random.normal()),
  );
  const codes = backend.codes(rows, concepts);
  const listed = Uint32Array.from({ length: Math.ceil(concepts / 3) }, (_, i) => 3 * i);
  const auxiliary = {
    listed: integersFrom(backend, listed),
    count: listed.length,
    k: 2,
    codes: backend.codes(rows, concepts),
  };
  const gram = backend.floats(concepts * concepts);
  await backend.product({ a: encoder, b: encoder, out: gram, m: concepts, n: concepts, k: dimension });
  const picks = { concept: backend.integers(rows * k), value: backend.floats(rows * k) };
  await backend.encode({
    x,
    rows,
    dimension,
    encoder,
    encoderBias,
    concepts,
    selection: { kind: "pursuit", ...pursuit, ...(withGram && { gram }), ...(!orthogonal && { picks }) },
    codes,
    auxiliary,
  });
  const result = new Map<string, Float32Array | Uint32Array>([
    ["codes", dense(await backend.readCodes(codes, rows))],
    ["auxiliary codes", dense(await backend.readCodes(auxiliary.codes, rows))],
  ]);
  if (!orthogonal) result.set("steps", await backend.read(picks.value));
  backend.free(encoder, x, encoderBias, codes, auxiliary.listed, auxiliary.codes, gram);
  backend.free(picks.concept, picks.value);
  return result;
}

/** A step of training through a pursuit with tied weights. */
async function trained(backend: Backend, shape: Shape & { k: number }, lazy: boolean, clipNorm?: number) {
  const { rows, dimension, concepts, k } = shape;
  const random = Random.of(6, "unroll");
  const { encoder: _encoder, encoderBias: _bias, ...state } = makeState(backend, shape, 3, false);
  const x = floatsFrom(backend, unitRows(random, rows, dimension));
  const codes = backend.codes(rows, concepts);
  const picks = { concept: backend.integers(rows * k), value: backend.floats(rows * k) };
  const atoms = state.atoms.values;
  const residual = backend.floats(rows * dimension);
  const entryGradients = backend.floats(rows * k * dimension);
  const common = { rows, dimension, atoms };
  const selection = { kind: "pursuit", k, orthogonal: false, picks } as const;
  await backend.encode({ x, rows, dimension, encoder: atoms, concepts, selection, codes });
  await backend.reconstruct({ ...common, codes, target: x, residual, residualScale: -1 });
  await backend.unroll({ ...common, codes, picks, k, residual, entryGradients });
  const terms: GradientTerm[] = [{ codes, residual, scale: -2 / rows, entryGradients }];
  const { gradientNorm } = await backend.update({
    x,
    rows,
    dimension,
    concepts,
    terms,
    adam: { rate: 0.01, beta1: 0.9, beta2: 0.99, epsilon: 1e-6, step: 2 },
    atoms: state.atoms,
    decoderBias: state.decoderBias,
    rowsSinceActive: state.rowsSinceActive,
    ...(lazy && { lazy: { lastTouched: state.lastTouched } }),
    ...(clipNorm !== undefined && { clipNorm }),
  });
  const result = new Map<string, ArrayLike<number>>([
    ["residual", await backend.read(residual)],
    ["gradient norm", clipNorm === undefined ? [] : [gradientNorm]],
  ]);
  for (const [name, values] of await readState(backend, {
    ...state,
    encoder: _encoder,
    encoderBias: _bias,
  })) {
    result.set(name, values);
  }
  return result;
}

export function pursues(name: string, create: () => Promise<Backend>): void {
  describe(`${name} pursues as the reference`, () => {
    const reference = createReferenceBackend();
    let backend: Backend;
    beforeAll(async () => {
      backend = await create();
    });
    afterAll(async () => {
      await backend.close();
    });

    for (const orthogonal of [false, true]) {
      for (const withGram of [false, true]) {
        const how = `${orthogonal ? "orthogonal" : "plain"}, ${withGram ? "with" : "without"} a Gram matrix`;
        it.each(
          shapes.map((s) => [`${s.rows} x ${s.dimension}, ${s.concepts} concepts, k ${s.k}`, s] as const),
        )(`${how}: %s`, async (_, { k, ...shape }) => {
          const expected = await pursued(reference, shape, { k, orthogonal }, withGram);
          const got = await pursued(backend, shape, { k, orthogonal }, withGram);
          for (const [part, values] of expected) expectClose(part, got.get(part) ?? [], values);
        });
      }
    }

    it.each(shapes.map((s) => [`${s.rows} x ${s.dimension}, ${s.concepts} concepts, k ${s.k}`, s] as const))(
      "trains: %s",
      async (_, shape) => {
        for (const [lazy, clipNorm] of [[false], [true], [true, 0.01]] as const) {
          const expected = await trained(reference, shape, lazy, clipNorm);
          const got = await trained(backend, shape, lazy, clipNorm);
          for (const [part, values] of expected) expectClose(part, got.get(part) ?? [], values);
        }
      },
    );
  });
}
