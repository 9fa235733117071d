/** Random training steps to try backends with, and a training state on one backend. */
import { Random } from "../../base/random.ts";
import type {
  AdamMoments,
  Backend,
  CodesTensor,
  Encode,
  Floats,
  Integers,
  Selection,
  Tensor,
  Update,
} from "../backend.ts";

export interface Shape {
  readonly rows: number;
  readonly dimension: number;
  readonly concepts: number;
}

/** Multiples of 1/8 in [−1, 1]: sums of their products are exact in float32, and ties are common. */
export function coarse(random: Random, length: number): Float32Array<ArrayBuffer> {
  return Float32Array.from({ length }, () => (random.integer(17) - 8) / 8);
}

export function normals(random: Random, length: number, scale = 1): Float32Array<ArrayBuffer> {
  return Float32Array.from({ length }, () => scale * random.normal());
}

export function unitRows(random: Random, rows: number, width: number): Float32Array<ArrayBuffer> {
  const values = normals(random, rows * width);
  for (let i = 0; i < rows; i++) {
    const row = values.subarray(i * width, (i + 1) * width);
    const norm = Math.hypot(...row);
    row.forEach((v, t) => (row[t] = v / norm));
  }
  return values;
}

export function floatsFrom(backend: Backend, values: Float32Array): Floats {
  const tensor = backend.floats(values.length);
  backend.write(tensor, values);
  return tensor;
}

export function integersFrom(backend: Backend, values: Uint32Array): Integers {
  const tensor = backend.integers(values.length);
  backend.write(tensor, values);
  return tensor;
}

/** The selections every backend is tried with, ragged and empty ones among them. */
export function selectionsFor(
  backend: Backend,
  shape: Shape,
  seed: number,
): readonly (readonly [string, Selection])[] {
  const { rows, concepts } = shape;
  const random = Random.of(seed, "thresholds");
  const thresholds = floatsFrom(
    backend,
    Float32Array.from({ length: concepts }, () => (random.integer(9) - 2) / 4),
  );
  const unreachable = floatsFrom(backend, new Float32Array(concepts).fill(1e6));
  return [
    ["batch-topk", { kind: "batch-topk", total: Math.max(1, Math.floor((rows * concepts) / 7)) }],
    ["batch-topk of one", { kind: "batch-topk", total: 1 }],
    ["batch-topk of none", { kind: "batch-topk", total: 0 }],
    ["batch-topk of more than are positive", { kind: "batch-topk", total: rows * concepts * 2 }],
    ["topk", { kind: "topk", k: 3 }],
    ["topk of none", { kind: "topk", k: 0 }],
    ["topk of all", { kind: "topk", k: concepts + 5 }],
    ["signed topk", { kind: "topk", k: 2, signed: true }],
    ["signed topk without self", { kind: "topk", k: 2, signed: true, skipSelf: { firstRow: 0 } }],
    [
      "topk without self further on",
      { kind: "topk", k: 30, skipSelf: { firstRow: Math.floor(concepts / 2) } },
    ],
    ["threshold", { kind: "threshold", thresholds }],
    ["threshold with window", { kind: "threshold", thresholds, window: 0.75 }],
    ["threshold nothing reaches", { kind: "threshold", thresholds: unreachable }],
    ["positive", { kind: "positive" }],
  ];
}

interface Parameter {
  readonly values: Floats;
  readonly moments: AdamMoments;
}

/** Parameters with moments well away from zero, so that Adam's quotient is well conditioned. */
export interface State {
  readonly encoder: Parameter;
  readonly encoderBias: Parameter;
  readonly atoms: Parameter;
  readonly decoderBias: Parameter;
  readonly thresholds: Parameter;
  readonly lastTouched: Integers;
  readonly rowsSinceActive: Integers;
}

export function makeState(backend: Backend, shape: Shape, seed: number, exact: boolean): State {
  const { dimension: d, concepts: c } = shape;
  const random = Random.of(seed, "state");
  const parameter = (values: Float32Array): Parameter => ({
    values: floatsFrom(backend, values),
    moments: {
      first: floatsFrom(backend, normals(random, values.length, 0.1)),
      second: floatsFrom(
        backend,
        Float32Array.from({ length: values.length }, () => 0.05 + random.uniform()),
      ),
    },
  });
  return {
    encoder: parameter(exact ? coarse(random, c * d) : normals(random, c * d, d ** -0.5)),
    encoderBias: parameter(exact ? coarse(random, c) : normals(random, c, 0.1)),
    atoms: parameter(unitRows(random, c, d)),
    decoderBias: parameter(normals(random, d, 0.1)),
    thresholds: parameter(Float32Array.from({ length: c }, () => random.integer(5) / 8)),
    lastTouched: integersFrom(
      backend,
      Uint32Array.from({ length: c }, () => random.integer(4)),
    ),
    rowsSinceActive: integersFrom(
      backend,
      Uint32Array.from({ length: c }, () => random.integer(100)),
    ),
  };
}

/** Everything in the state, by name. */
export async function readState(
  backend: Backend,
  state: State,
): Promise<Map<string, Float32Array | Uint32Array>> {
  const result = new Map<string, Float32Array | Uint32Array>();
  for (const name of ["encoder", "encoderBias", "atoms", "decoderBias", "thresholds"] as const) {
    result.set(name, await backend.read(state[name].values));
    result.set(`${name}.first`, await backend.read(state[name].moments.first));
    result.set(`${name}.second`, await backend.read(state[name].moments.second));
  }
  result.set("lastTouched", await backend.read(state.lastTouched));
  result.set("rowsSinceActive", await backend.read(state.rowsSinceActive));
  return result;
}

export interface StepOptions {
  readonly selection: Selection;
  readonly auxiliary?: boolean;
  readonly lazy?: boolean;
  readonly clipNorm?: number;
  readonly thresholds?: boolean;
  readonly penalty?: number;
  readonly withoutDecoderBias?: boolean;
}

/** A whole training step on the given rows; gives the numbers it reported and its residuals. */
export async function trainStep(
  backend: Backend,
  shape: Shape,
  state: State,
  rows: Float32Array,
  step: number,
  options: StepOptions,
): Promise<{ numbers: Record<string, number>; residual: Float32Array }> {
  const { rows: b, dimension, concepts } = shape;
  const x = floatsFrom(backend, rows);
  const residual = backend.floats(b * dimension);
  const codes = backend.codes(b, concepts);
  const scale = 2 / (b * dimension);
  const listed = Uint32Array.from({ length: Math.ceil(concepts / 3) }, (_, i) => 3 * i);
  const auxiliary: Encode["auxiliary"] = options.auxiliary
    ? { listed: integersFrom(backend, listed), count: listed.length, k: 4, codes: backend.codes(b, concepts) }
    : undefined;
  const encoded = await backend.encode({
    x,
    rows: b,
    dimension,
    encoder: state.encoder.values,
    encoderBias: state.encoderBias.values,
    concepts,
    selection: options.selection,
    codes,
    ...(auxiliary && { auxiliary }),
  });
  const decoderBias = options.withoutDecoderBias ? undefined : state.decoderBias;
  const common = { rows: b, dimension, atoms: state.atoms.values };
  const { squaredError } = await backend.reconstruct({
    ...common,
    codes,
    ...(decoderBias && { decoderBias: decoderBias.values }),
    target: x,
    residual,
    residualScale: -1,
    gradient: { scale, penalty: options.penalty ?? 0 },
  });
  const terms: Update["terms"][number][] = [{ codes, residual, scale: -scale }];
  let auxiliaryError = 0;
  const tensors: (Tensor | CodesTensor)[] = [x, codes, residual];
  if (auxiliary) {
    const other = backend.floats(b * dimension);
    const found = await backend.reconstruct({
      ...common,
      codes: auxiliary.codes,
      target: residual,
      residual: other,
      gradient: { scale: scale / 32 },
    });
    auxiliaryError = found.squaredError;
    terms.push({ codes: auxiliary.codes, residual: other, scale: scale / 32 });
    tensors.push(other, auxiliary.codes, auxiliary.listed);
  }
  const updated = await backend.update({
    x,
    rows: b,
    dimension,
    concepts,
    terms,
    adam: { rate: 0.01, beta1: 0.9, beta2: 0.99, epsilon: 1e-6, step },
    encoder: state.encoder,
    encoderBias: state.encoderBias,
    atoms: state.atoms,
    ...(decoderBias && { decoderBias }),
    ...(options.thresholds && {
      thresholds: { ...state.thresholds, bandwidth: 0.75, penalty: 0.01, rate: 0.02 },
    }),
    ...(options.lazy && { lazy: { lastTouched: state.lastTouched } }),
    ...(options.clipNorm !== undefined && { clipNorm: options.clipNorm }),
    rowsSinceActive: state.rowsSinceActive,
  });
  const result = await backend.read(residual);
  backend.free(...tensors);
  return {
    numbers: {
      count: encoded.count,
      auxiliaryCount: encoded.auxiliaryCount,
      squaredError,
      auxiliaryError,
      gradientNorm: updated.gradientNorm,
    },
    residual: result,
  };
}
