/** The optimiser step on the CPU: every concept is one thread's, tasks are ranges of concepts. */
import { badUsage } from "../../base/errors.ts";
import type { AdamMoments, Floats, Update, Updated } from "../backend.ts";
import { addressOf, type CpuCodes } from "./cpu-tensors.ts";
import type { Engine } from "./engine.ts";
import * as at from "./layout.ts";

/** Enough ranges for many threads, few enough that looking up their rows costs little. */
const RANGES = 48;
const LEAST_SPAN = 16;

export function update(engine: Engine, codes: readonly CpuCodes[], operation: Update): Updated {
  const { rows, dimension, concepts, adam, clipNorm } = operation;
  setTerms(engine, codes, operation);
  setParameters(engine, operation);
  const span = Math.max(LEAST_SPAN, Math.ceil(concepts / RANGES));
  const ranges = Math.ceil(concepts / span);
  engine.setU32(at.X, addressOf(engine, operation.x));
  engine.setU32(at.ROWS, rows);
  engine.setU32(at.DIMENSION, dimension);
  engine.setU32(at.CONCEPTS, concepts);
  engine.setU32(at.SPAN, span);
  engine.setU32(at.STEP, adam.step);
  engine.setF64(at.BETA1, adam.beta1);
  engine.setF64(at.BETA2, adam.beta2);
  engine.setF64(at.RATE, adam.rate);
  engine.setF64(at.EPSILON, adam.epsilon);
  engine.setF64(at.FACTOR, 1);
  engine.setU32(at.LISTS, engine.scratch("lists", concepts * 16));
  engine.setU32(at.DECODER_BIAS_GRADIENT, engine.scratch("decoder bias gradient", dimension * 4));
  engine.threadScratch("local", Math.ceil(dimension / 16) * 128 + 64, at.LOCAL, at.LOCAL_STRIDE);
  engine.threadScratch("keys", codes.length * rows * 4, at.KEYS, at.KEYS_STRIDE);
  if (clipNorm === undefined) {
    engine.phase(at.UPDATE, ranges + 1);
    return { gradientNorm: NaN };
  }
  const norms = engine.scratch("norms", (ranges + 1) * 8);
  engine.setU32(at.NORMS, norms);
  engine.phase(at.GRADIENT_NORM, ranges + 1);
  let sum = 0;
  for (let r = 0; r <= ranges; r++) sum += engine.memory.f64[norms / 8 + r];
  const gradientNorm = Math.sqrt(sum);
  if (gradientNorm > clipNorm) engine.setF64(at.FACTOR, clipNorm / gradientNorm);
  engine.phase(at.APPLY_GRADIENT, ranges + 1);
  return { gradientNorm };
}

function setTerms(engine: Engine, codes: readonly CpuCodes[], operation: Update): void {
  const { terms, rows } = operation;
  if (terms.length > at.MAX_TERMS) {
    throw badUsage(`${terms.length} loss terms were given; expected at most ${at.MAX_TERMS}`);
  }
  let entries = 0;
  terms.forEach((term, t) => {
    const slot = at.TERM + t * at.TERM_BYTES;
    const held = codes[t];
    engine.setU32(slot, held.rowStart);
    engine.setU32(slot + 4, held.concept);
    engine.setU32(slot + 8, held.value);
    engine.setU32(slot + 12, held.gradient);
    engine.setU32(slot + 16, addressOf(engine, term.residual));
    engine.setF32(slot + 20, term.scale);
    engine.setU32(slot + 24, term.entryGradients ? addressOf(engine, term.entryGradients) : 0);
    entries += engine.memory.u32[held.rowStart / 4 + rows];
  });
  engine.setU32(at.TERMS, terms.length);
  engine.setU32(at.POOL, engine.scratch("list entries", entries * 16));
}

interface Parameter {
  readonly values: Floats;
  readonly moments: AdamMoments;
}

function setParameters(engine: Engine, operation: Update): void {
  const set = (parameter: Parameter | undefined, values: number, first: number, second: number): void => {
    engine.setU32(values, parameter ? addressOf(engine, parameter.values) : 0);
    engine.setU32(first, parameter ? addressOf(engine, parameter.moments.first) : 0);
    engine.setU32(second, parameter ? addressOf(engine, parameter.moments.second) : 0);
  };
  const { thresholds, lazy, rowsSinceActive } = operation;
  set(operation.encoder, at.ENCODER, at.ENCODER_FIRST, at.ENCODER_SECOND);
  set(operation.encoderBias, at.ENCODER_BIAS, at.ENCODER_BIAS_FIRST, at.ENCODER_BIAS_SECOND);
  set(operation.atoms, at.ATOMS, at.ATOMS_FIRST, at.ATOMS_SECOND);
  set(operation.decoderBias, at.DECODER_BIAS, at.DECODER_BIAS_FIRST, at.DECODER_BIAS_SECOND);
  set(thresholds, at.THRESHOLDS, at.THRESHOLDS_FIRST, at.THRESHOLDS_SECOND);
  engine.setF64(at.BANDWIDTH, thresholds?.bandwidth ?? 1);
  engine.setF64(at.THRESHOLD_PENALTY, thresholds?.penalty ?? 0);
  engine.setF64(at.THRESHOLD_RATE, thresholds?.rate ?? 0);
  engine.setU32(at.LAST_TOUCHED, lazy ? addressOf(engine, lazy.lastTouched) : 0);
  engine.setU32(at.SINCE_ACTIVE, rowsSinceActive ? addressOf(engine, rowsSinceActive) : 0);
}
