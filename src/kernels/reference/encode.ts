/** p = x·Eᵀ + bias for the whole batch, then the selection. */
import type { Encode, Encoded } from "../backend.ts";
import { product } from "./product.ts";
import { pursue } from "./pursuit.ts";
import {
  selectBatchTopK,
  selectListed,
  selectPositive,
  selectThreshold,
  selectTopK,
  type Entry,
} from "./select.ts";
import { codesOf, floatsOf, integersOf } from "./tensors.ts";

function select(operation: Encode, p: Float32Array): Entry[][] {
  const { rows, concepts, selection } = operation;
  if (selection.kind === "batch-topk") return selectBatchTopK(p, rows, concepts, selection.total);
  return Array.from({ length: rows }, (_, i) => {
    switch (selection.kind) {
      case "topk": {
        const skip = selection.skipSelf ? selection.skipSelf.firstRow + i : -1;
        return selectTopK(p, i, concepts, selection.k, selection.signed === true, skip);
      }
      case "threshold":
        return selectThreshold(p, i, concepts, floatsOf(selection.thresholds), selection.window ?? 0);
      default:
        return selectPositive(p, i, concepts);
    }
  });
}

export function encode(operation: Encode): Encoded {
  const { rows, dimension, concepts, auxiliary } = operation;
  const p = new Float32Array(rows * concepts);
  product(floatsOf(operation.x), floatsOf(operation.encoder), p, rows, concepts, dimension);
  if (operation.encoderBias) {
    const bias = floatsOf(operation.encoderBias);
    for (let i = 0; i < rows; i++) for (let j = 0; j < concepts; j++) p[i * concepts + j] += bias[j];
  }
  const codes = codesOf(operation.codes);
  const pursued = operation.selection.kind === "pursuit" ? pursue(operation, operation.selection, p) : null;
  codes.fill(pursued ? pursued.own : select(operation, p));
  codes.signed = operation.selection.kind === "topk" && operation.selection.signed === true;
  let smallest = Infinity;
  for (const value of codes.value) if (value !== 0) smallest = Math.min(smallest, value);
  let auxiliaryCount = 0;
  if (auxiliary) {
    const listed = integersOf(auxiliary.listed);
    const extra = codesOf(auxiliary.codes);
    extra.fill(
      pursued?.auxiliary ??
        Array.from({ length: rows }, (_, i) =>
          selectListed(p, i, concepts, listed, auxiliary.count, auxiliary.k),
        ),
    );
    auxiliaryCount = extra.value.length;
  }
  return { count: codes.value.length, smallest: smallest === Infinity ? 0 : smallest, auxiliaryCount };
}
