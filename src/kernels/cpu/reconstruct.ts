/** Reconstruction on the CPU: every row is one thread's, squared errors are summed in row order. */
import type { Reconstruct, Reconstructed } from "../backend.ts";
import { addressOf, type CpuCodes } from "./cpu-tensors.ts";
import type { Engine } from "./engine.ts";
import * as at from "./layout.ts";

const ROWS_PER_TASK = 16;

export function reconstruct(engine: Engine, codes: CpuCodes, operation: Reconstruct): Reconstructed {
  const { rows, dimension, gradient } = operation;
  engine.setU32(at.ROWS, rows);
  engine.setU32(at.DIMENSION, dimension);
  engine.setU32(at.ATOMS, addressOf(engine, operation.atoms));
  engine.setU32(at.DECODER_BIAS, operation.decoderBias ? addressOf(engine, operation.decoderBias) : 0);
  engine.setU32(at.TARGET, addressOf(engine, operation.target));
  engine.setU32(at.RESIDUAL, addressOf(engine, operation.residual));
  engine.setF32(at.RESIDUAL_SCALE, operation.residualScale ?? 1);
  engine.setU32(at.WANTS_GRADIENT, gradient ? 1 : 0);
  engine.setF32(at.GRADIENT_SCALE, gradient?.scale ?? 0);
  engine.setF32(at.PENALTY, gradient?.penalty ?? 0);
  engine.setU32(at.ROW_START, codes.rowStart);
  engine.setU32(at.CODE_CONCEPT, codes.concept);
  engine.setU32(at.CODE_VALUE, codes.value);
  engine.setU32(at.CODE_GRADIENT, codes.gradient);
  engine.setU32(at.ROWS_PER_TASK, ROWS_PER_TASK);
  const errors = engine.scratch("errors", rows * 8);
  engine.setU32(at.ERRORS, errors);
  engine.threadScratch("local", dimension * 4 + 64, at.LOCAL, at.LOCAL_STRIDE);
  engine.phase(at.RECONSTRUCT, Math.ceil(rows / ROWS_PER_TASK));
  let squaredError = 0;
  for (let i = 0; i < rows; i++) squaredError += engine.memory.f64[errors / 8 + i];
  return { squaredError };
}
