/** One Adam step (arXiv 1412.6980) for every parameter, atoms kept at unit norm. */
import type { AdamMoments, Floats, Update, Updated } from "../backend.ts";
import { gradients, jointNorm } from "./gradients.ts";
import { codesOf, floatsOf, integersOf } from "./tensors.ts";

interface Parameter {
  readonly values: Floats;
  readonly moments: AdamMoments;
}

/** Steps numbers `from` … `to − 1` of one parameter; `missed` steps decay the moments first. */
function adamStep(
  operation: Update,
  parameter: Parameter,
  gradient: Float64Array,
  factor: number,
  rate: number,
  from: number,
  to: number,
  missed: number,
): void {
  const { beta1, beta2, epsilon, step } = operation.adam;
  const values = floatsOf(parameter.values);
  const first = floatsOf(parameter.moments.first);
  const second = floatsOf(parameter.moments.second);
  const decay1 = beta1 ** missed;
  const decay2 = beta2 ** missed;
  const correction1 = 1 - beta1 ** step;
  const correction2 = 1 - beta2 ** step;
  for (let t = from; t < to; t++) {
    const g = factor * gradient[t];
    first[t] = beta1 * decay1 * first[t] + (1 - beta1) * g;
    second[t] = beta2 * decay2 * second[t] + (1 - beta2) * g * g;
    values[t] -= (rate * (first[t] / correction1)) / (Math.sqrt(second[t] / correction2) + epsilon);
  }
}

function normalise(values: Float32Array, from: number, to: number): void {
  let sum = 0;
  for (let t = from; t < to; t++) sum += values[t] * values[t];
  if (sum === 0) return;
  const norm = Math.sqrt(sum);
  for (let t = from; t < to; t++) values[t] /= norm;
}

export function update(operation: Update): Updated {
  const { rows, dimension: d, concepts, adam, clipNorm } = operation;
  const all = gradients(operation);
  let gradientNorm = NaN;
  let factor = 1;
  if (clipNorm !== undefined) {
    gradientNorm = jointNorm(all);
    if (gradientNorm > clipNorm) factor = clipNorm / gradientNorm;
  }
  const lastTouched = operation.lazy ? integersOf(operation.lazy.lastTouched) : undefined;
  const atoms = floatsOf(operation.atoms.values);
  for (let j = 0; j < concepts; j++) {
    let missed = 0;
    if (lastTouched) {
      if (all.touched[j] === 0) continue;
      missed = Math.max(0, adam.step - 1 - lastTouched[j]);
      lastTouched[j] = adam.step;
    }
    const step = (parameter: Parameter, gradient: Float64Array, width: number, rate: number): void =>
      adamStep(operation, parameter, gradient, factor, rate, j * width, (j + 1) * width, missed);
    if (operation.encoder) step(operation.encoder, all.encoder, d, adam.rate);
    if (operation.encoderBias) step(operation.encoderBias, all.encoderBias, 1, adam.rate);
    step(operation.atoms, all.atoms, d, adam.rate);
    normalise(atoms, j * d, (j + 1) * d);
    if (operation.thresholds) {
      step(operation.thresholds, all.thresholds, 1, operation.thresholds.rate);
      const values = floatsOf(operation.thresholds.values);
      values[j] = Math.max(0, values[j]);
    }
  }
  if (operation.decoderBias) {
    adamStep(operation, operation.decoderBias, all.decoderBias, factor, adam.rate, 0, d, 0);
  }
  if (operation.rowsSinceActive) {
    const since = integersOf(operation.rowsSinceActive);
    const codes = codesOf(operation.terms[0].codes);
    const active = new Uint8Array(concepts);
    for (let e = 0; e < codes.rowStart[rows]; e++) if (codes.value[e] > 0) active[codes.concept[e]] = 1;
    for (let j = 0; j < concepts; j++) since[j] = active[j] ? 0 : since[j] + rows;
  }
  return { gradientNorm };
}
