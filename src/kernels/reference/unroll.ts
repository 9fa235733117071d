/** The gradients of a plain pursuit, back through its steps. */
import type { Unroll } from "../backend.ts";
import { codesOf, floatsOf, integersOf } from "./tensors.ts";

export function unroll(operation: Unroll): void {
  const { rows, dimension: d, k } = operation;
  const { rowStart, concept } = codesOf(operation.codes);
  const steps = { concept: integersOf(operation.picks.concept), value: floatsOf(operation.picks.value) };
  const atoms = floatsOf(operation.atoms);
  const residual = floatsOf(operation.residual);
  const out = floatsOf(operation.entryGradients);
  out.fill(0, 0, rowStart[rows] * d);
  for (let i = 0; i < rows; i++) {
    const left = Float64Array.from(residual.subarray(i * d, (i + 1) * d));
    const lambda = left.slice();
    for (let s = (i + 1) * k - 1; s >= i * k; s--) {
      const z = steps.value[s];
      if (z === 0) continue;
      const j = steps.concept[s];
      const atom = atoms.subarray(j * d, (j + 1) * d);
      let along = 0;
      for (let t = 0; t < d; t++) along += lambda[t] * atom[t];
      const entry = concept.indexOf(j, rowStart[i]) * d;
      for (let t = 0; t < d; t++) {
        left[t] += z * atom[t];
        out[entry + t] += z * lambda[t] + along * left[t];
        lambda[t] -= along * atom[t];
      }
    }
    residual.set(lambda, i * d);
  }
}
