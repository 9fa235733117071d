/** The gradients of every parameter for one step, in float64, before clipping. */
import type { Update } from "../backend.ts";
import { codesOf, floatsOf } from "./tensors.ts";

export interface Gradients {
  /** c x d */
  readonly encoder: Float64Array;
  /** c */
  readonly encoderBias: Float64Array;
  /** c x d, without the component along the atom. */
  readonly atoms: Float64Array;
  /** d */
  readonly decoderBias: Float64Array;
  /** c */
  readonly thresholds: Float64Array;
  /** 1 for concepts with an entry in any term. */
  readonly touched: Uint8Array;
}

export function gradients(operation: Update): Gradients {
  const { rows, dimension: d, concepts } = operation;
  const x = floatsOf(operation.x);
  const atoms = floatsOf(operation.atoms.values);
  const result: Gradients = {
    encoder: new Float64Array(concepts * d),
    encoderBias: new Float64Array(concepts),
    atoms: new Float64Array(concepts * d),
    decoderBias: new Float64Array(d),
    thresholds: new Float64Array(concepts),
    touched: new Uint8Array(concepts),
  };
  operation.terms.forEach((term, index) => {
    const codes = codesOf(term.codes);
    const residual = floatsOf(term.residual);
    const ofEntries = term.entryGradients && floatsOf(term.entryGradients);
    for (let i = 0; i < rows; i++) {
      for (let e = codes.rowStart[i]; e < codes.rowStart[i + 1]; e++) {
        const j = codes.concept[e];
        const value = codes.value[e];
        const g = codes.gradient[e];
        result.touched[j] = 1;
        if (value !== 0) {
          if (operation.encoderBias) result.encoderBias[j] += g;
          for (let t = 0; t < d; t++) {
            if (operation.encoder) result.encoder[j * d + t] += g * x[i * d + t];
            const own = ofEntries ? ofEntries[e * d + t] : value * residual[i * d + t];
            result.atoms[j * d + t] += term.scale * own;
          }
        }
        if (index === 0 && operation.thresholds) {
          const { bandwidth, penalty } = operation.thresholds;
          const threshold = floatsOf(operation.thresholds.values)[j];
          if (value === 0 || Math.abs(Math.fround(value - threshold)) < Math.fround(bandwidth / 2)) {
            result.thresholds[j] -= (threshold / bandwidth) * g + penalty / bandwidth;
          }
        }
      }
      if (index === 0 && operation.decoderBias) {
        for (let t = 0; t < d; t++) result.decoderBias[t] += term.scale * residual[i * d + t];
      }
    }
  });
  for (let j = 0; j < concepts; j++) {
    let along = 0;
    for (let t = j * d; t < (j + 1) * d; t++) along += result.atoms[t] * atoms[t];
    for (let t = j * d; t < (j + 1) * d; t++) result.atoms[t] -= along * atoms[t];
  }
  return result;
}

/** The joint norm of all gradients, as Adam would receive them. */
export function jointNorm(all: Gradients): number {
  let sum = 0;
  for (const part of [all.encoder, all.encoderBias, all.atoms, all.decoderBias, all.thresholds]) {
    for (const g of part) sum += g * g;
  }
  return Math.sqrt(sum);
}
