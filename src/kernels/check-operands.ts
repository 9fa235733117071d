/** Refuses operands whose sizes do not fit together, alike on every backend. */
import { badUsage } from "../base/errors.ts";
import type { SparseCodes } from "../base/sparse-codes.ts";
import type {
  CodesTensor,
  Encode,
  LeastSquares,
  Picks,
  Product,
  Reconstruct,
  Rescale,
  Tensor,
  Unroll,
  Update,
} from "./backend.ts";

function count(name: string, value: number): void {
  if (!Number.isInteger(value) || value < 0) throw badUsage(`${name} is ${value}; expected a whole number`);
}

function positive(name: string, value: number): void {
  count(name, value);
  if (value === 0) throw badUsage(`${name} is 0; expected 1 or more`);
}

function holds(name: string, tensor: Tensor, length: number): void {
  if (tensor.length < length) {
    throw badUsage(`${name} holds ${tensor.length} numbers; this operation needs ${length}`);
  }
}

function codesHold(name: string, codes: CodesTensor, rows: number, concepts: number): void {
  if (codes.maxRows < rows) {
    throw badUsage(`${name} hold ${codes.maxRows} rows; this operation needs ${rows}`);
  }
  if (codes.concepts !== concepts) {
    throw badUsage(`${name} are for ${codes.concepts} concepts; this operation has ${concepts}`);
  }
}

export function checkRange(tensor: Tensor, offset: number, length: number): void {
  count("offset", offset);
  count("length", length);
  if (offset + length > tensor.length) {
    throw badUsage(`elements ${offset} to ${offset + length} asked of a tensor of ${tensor.length}`);
  }
}

/** For rows with rows and for columns with columns: both take as many numbers. */
export function checkProduct(operation: Product): void {
  const { a, b, out, m, n, k } = operation;
  count("m", m);
  count("n", n);
  count("k", k);
  holds("a", a, m * k);
  holds("b", b, n * k);
  holds("out", out, m * n);
  if (out === a || out === b) throw badUsage("out is also an operand; expected a tensor of its own");
}

export function checkEncode(operation: Encode): void {
  const { x, rows, dimension, encoder, encoderBias, concepts, selection, codes, auxiliary } = operation;
  count("rows", rows);
  positive("dimension", dimension);
  positive("concepts", concepts);
  holds("x", x, rows * dimension);
  holds("encoder", encoder, concepts * dimension);
  if (encoderBias) holds("encoderBias", encoderBias, concepts);
  codesHold("codes", codes, rows, concepts);
  if (selection.kind === "batch-topk") count("total", selection.total);
  else if (selection.kind === "topk") {
    count("k", selection.k);
    if (selection.skipSelf) count("firstRow", selection.skipSelf.firstRow);
  } else if (selection.kind === "threshold") {
    holds("thresholds", selection.thresholds, concepts);
    if (selection.window !== undefined && !(selection.window >= 0)) {
      throw badUsage(`window is ${selection.window}; expected a width of 0 or more`);
    }
  } else if (selection.kind === "pursuit") {
    const { k, orthogonal, gram, picks } = selection;
    count("k", k);
    if (gram) holds("gram", gram, concepts * concepts);
    if (picks && orthogonal) {
      throw badUsage("picks were asked of an orthogonal pursuit; expected a plain one");
    }
    if (picks) picksHold(picks, rows * k);
  }
  if (auxiliary) {
    count("auxiliary.count", auxiliary.count);
    count("auxiliary.k", auxiliary.k);
    holds("auxiliary.listed", auxiliary.listed, auxiliary.count);
    codesHold("auxiliary.codes", auxiliary.codes, rows, concepts);
    if (auxiliary.codes === codes) {
      throw badUsage("auxiliary.codes is also codes; expected a tensor of its own");
    }
  }
}

export function checkReconstruct(operation: Reconstruct): void {
  const { codes, rows, dimension, atoms, decoderBias, target, residual } = operation;
  count("rows", rows);
  positive("dimension", dimension);
  codesHold("codes", codes, rows, codes.concepts);
  holds("atoms", atoms, codes.concepts * dimension);
  if (decoderBias) holds("decoderBias", decoderBias, dimension);
  holds("target", target, rows * dimension);
  holds("residual", residual, rows * dimension);
}

function picksHold({ concept, value }: Picks, steps: number): void {
  holds("picks.concept", concept, steps);
  holds("picks.value", value, steps);
}

export function checkUnroll(operation: Unroll): void {
  const { codes, picks, k, rows, dimension, atoms, residual } = operation;
  count("rows", rows);
  count("k", k);
  positive("dimension", dimension);
  codesHold("codes", codes, rows, codes.concepts);
  picksHold(picks, rows * k);
  holds("atoms", atoms, codes.concepts * dimension);
  holds("residual", residual, rows * dimension);
}

/** `entries` x d gradients for codes of as many entries. */
export function checkEntryGradients(gradients: Tensor, entries: number, dimension: number): void {
  holds("entryGradients", gradients, entries * dimension);
}

export function checkUpdate(operation: Update): void {
  const { x, rows, dimension, concepts, terms, adam } = operation;
  count("rows", rows);
  positive("dimension", dimension);
  positive("concepts", concepts);
  holds("x", x, rows * dimension);
  terms.forEach((term, t) => {
    codesHold(`codes of term ${t}`, term.codes, rows, concepts);
    holds(`residual of term ${t}`, term.residual, rows * dimension);
  });
  if (terms.length === 0) throw badUsage("terms is empty; expected at least one loss");
  if (!(adam.step >= 1)) throw badUsage(`step is ${adam.step}; expected 1 or more`);
  const parameters: [string, { values: Tensor; moments: { first: Tensor; second: Tensor } }, number][] = [
    ["atoms", operation.atoms, concepts * dimension],
  ];
  if (operation.encoder) parameters.push(["encoder", operation.encoder, concepts * dimension]);
  if (operation.encoderBias) parameters.push(["encoderBias", operation.encoderBias, concepts]);
  if (operation.decoderBias) parameters.push(["decoderBias", operation.decoderBias, dimension]);
  if (operation.thresholds) {
    parameters.push(["thresholds", operation.thresholds, concepts]);
    if (!(operation.thresholds.bandwidth > 0)) {
      throw badUsage(`bandwidth is ${operation.thresholds.bandwidth}; expected a width above 0`);
    }
  }
  for (const [name, parameter, length] of parameters) {
    holds(name, parameter.values, length);
    holds(`first moments of ${name}`, parameter.moments.first, length);
    holds(`second moments of ${name}`, parameter.moments.second, length);
  }
  if (operation.lazy) holds("lastTouched", operation.lazy.lastTouched, concepts);
  if (operation.rowsSinceActive) holds("rowsSinceActive", operation.rowsSinceActive, concepts);
}

/** Codes must have been filled, by `encode` or `writeCodes`, for at least `rows` rows. */
export function checkFilled(filled: number, rows: number): void {
  if (filled < rows) {
    throw badUsage(
      `codes of ${filled} rows were given; this operation needs ${rows}: encode or write them first`,
    );
  }
}

export function checkSparseCodes(codes: CodesTensor, values: SparseCodes, gradients?: Float32Array): void {
  codesHold("codes", codes, values.rows, values.concepts);
  const count = values.rowStart[values.rows];
  if (values.concept.length < count || values.value.length < count) {
    throw badUsage(
      `codes end at entry ${count}; concept and value hold ${values.concept.length} and ${values.value.length}`,
    );
  }
  if (gradients && gradients.length < count) {
    throw badUsage(`codes end at entry ${count}; there are ${gradients.length} gradients`);
  }
}

export function checkLeastSquares(operation: LeastSquares): void {
  const { correlations, gram, codes, rows, concepts, l1, until } = operation;
  count("rows", rows);
  positive("concepts", concepts);
  holds("correlations", correlations, rows * concepts);
  holds("gram", gram, concepts * concepts);
  holds("codes", codes, rows * concepts);
  if (codes === correlations || codes === gram) {
    throw badUsage("codes is also an operand; expected a tensor of its own");
  }
  if (!(l1 >= 0)) throw badUsage(`l1 is ${l1}; expected 0 or more`);
  if ("sweeps" in until) count("sweeps", until.sweeps);
  else if (!(until.tolerance > 0)) throw badUsage(`tolerance is ${until.tolerance}; expected more than 0`);
}

export function checkRescale({ values, along, above, below, length }: Rescale): void {
  count("length", length);
  holds("values", values, length);
  holds("along", along, length);
  holds("above", above, length);
  if (below) holds("below", below, length);
  if (values === along || values === above || values === below) {
    throw badUsage("values is also an operand; expected a tensor of its own");
  }
}
