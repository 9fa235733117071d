/** The gradients of a plain pursuit for a block of rows, back through the steps that were taken. */
import * as at from "../src/kernels/cpu/layout";
import { add1, dot } from "./simd";

export function unrollRows(task: u32, worker: u32): void {
  const perTask = load<u32>(at.ROWS_PER_TASK);
  const last: usize = min((task + 1) * perTask, load<u32>(at.ROWS));
  for (let row: usize = task * perTask; row < last; row++) unrollRow(row, worker);
}

function unrollRow(row: usize, worker: u32): void {
  const d: usize = load<u32>(at.DIMENSION);
  const bytes = d * 4;
  const k: usize = load<u32>(at.K);
  const atoms: usize = load<usize>(at.ATOMS);
  const residual: usize = load<usize>(at.RESIDUAL) + row * bytes;
  const starts: usize = load<usize>(at.ROW_START) + row * 4;
  const first: usize = load<u32>(starts),
    end: usize = load<u32>(starts, 4);
  const concepts: usize = load<usize>(at.CODE_CONCEPT);
  const picked: usize = load<usize>(at.PICK_CONCEPT) + row * k * 4;
  const values: usize = load<usize>(at.PICK_VALUE) + row * k * 4;
  const out: usize = load<usize>(at.ENTRY_GRADIENTS);
  // Rows of d numbers need not end on whole vectors, scratch does.
  const padded = ((d + 15) & ~15) * 4;
  const lambda: usize = load<usize>(at.LOCAL) + <usize>worker * load<usize>(at.LOCAL_STRIDE);
  const left = lambda + padded;
  const sum = left + padded;
  memory.copy(lambda, residual, bytes);
  memory.copy(left, residual, bytes);
  memory.fill(out + first * bytes, 0, (end - first) * bytes);
  for (let s = k; s-- > 0;) {
    const z = load<f32>(values + s * 4);
    if (z == 0) continue;
    const j = load<u32>(picked + s * 4);
    const atom = atoms + <usize>j * bytes;
    let e = first;
    while (load<u32>(concepts + e * 4) != j) e++;
    const along = dot(lambda, atom, d);
    add1(left, d, z, atom);
    memory.copy(sum, out + e * bytes, bytes);
    add1(sum, d, z, lambda);
    add1(sum, d, along, left);
    memory.copy(out + e * bytes, sum, bytes);
    add1(lambda, d, -along, atom);
  }
  memory.copy(residual, lambda, bytes);
}
