/** Selections over one batch of pre-activations (b x c): which of them become codes. */

export interface Entry {
  readonly concept: number;
  readonly value: number;
}

interface Placed extends Entry {
  readonly row: number;
}

const largestFirst = (a: Placed, b: Placed): number =>
  b.value - a.value || a.row - b.row || a.concept - b.concept;

const byConcept = (a: Entry, b: Entry): number => a.concept - b.concept;

function positive(p: Float32Array, row: number, concepts: number): Placed[] {
  const found: Placed[] = [];
  for (let j = 0; j < concepts; j++) {
    const value = p[row * concepts + j];
    if (value > 0) found.push({ row, concept: j, value });
  }
  return found;
}

export function selectBatchTopK(p: Float32Array, rows: number, concepts: number, total: number): Entry[][] {
  const all: Placed[] = [];
  for (let i = 0; i < rows; i++) for (const entry of positive(p, i, concepts)) all.push(entry);
  const chosen: Entry[][] = Array.from({ length: rows }, () => []);
  for (const entry of all.sort(largestFirst).slice(0, total)) chosen[entry.row].push(entry);
  for (const row of chosen) row.sort(byConcept);
  return chosen;
}

/** `skip` is the concept left out, −1 for none. */
export function selectTopK(
  p: Float32Array,
  row: number,
  concepts: number,
  k: number,
  signed: boolean,
  skip: number,
): Entry[] {
  const candidates: Placed[] = [];
  for (let j = 0; j < concepts; j++) {
    const value = p[row * concepts + j];
    if (j !== skip && (signed ? value === value : value > 0)) candidates.push({ row, concept: j, value });
  }
  return candidates.sort(largestFirst).slice(0, k).sort(byConcept);
}

export function selectThreshold(
  p: Float32Array,
  row: number,
  concepts: number,
  thresholds: Float32Array,
  window: number,
): Entry[] {
  const chosen: Entry[] = [];
  for (let j = 0; j < concepts; j++) {
    const value = p[row * concepts + j];
    if (value > Math.max(thresholds[j], 0)) chosen.push({ concept: j, value });
    else if (Math.abs(Math.fround(value - thresholds[j])) < Math.fround(window / 2)) {
      chosen.push({ concept: j, value: 0 });
    }
  }
  return chosen;
}

export function selectPositive(p: Float32Array, row: number, concepts: number): Entry[] {
  return positive(p, row, concepts);
}

/** The k largest positive of the first `count` concepts in `listed`. */
export function selectListed(
  p: Float32Array,
  row: number,
  concepts: number,
  listed: Uint32Array,
  count: number,
  k: number,
): Entry[] {
  const candidates: Placed[] = [];
  for (let l = 0; l < count; l++) {
    const value = p[row * concepts + listed[l]];
    if (value > 0) candidates.push({ row, concept: listed[l], value });
  }
  return candidates.sort(largestFirst).slice(0, k).sort(byConcept);
}
