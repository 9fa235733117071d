/** The tensors that a run trains, with everything the optimiser remembers about them. */
import type { AdamMoments, Backend, Floats, Integers } from "../../kernels/backend.ts";
import { allocateArchetypes, type Archetypes, type ArchetypeShape } from "./archetypes.ts";

export interface Trained {
  readonly values: Floats;
  readonly moments: AdamMoments;
}

export interface Parameters {
  readonly dimension: number;
  readonly concepts: number;
  /** c x d; the same as `atoms` where `tied` */
  readonly encoder: Trained;
  readonly tied: boolean;
  /** c */
  readonly encoderBias: Trained;
  /** c x d, unit rows */
  readonly atoms: Trained;
  /** d */
  readonly decoderBias: Trained;
  /** c; trained by `jumprelu` and `gated` */
  readonly thresholds: Trained;
  /** c, only of `gated`: the logarithm of the magnitude path's scale */
  readonly logScale?: Trained;
  /** Only of `archetypal`: what its atoms are mixed from. */
  readonly archetypes?: Archetypes;
  /** c: step at which the optimiser last touched the concept */
  readonly lastTouched: Integers;
  /** c: rows seen since the concept was last active */
  readonly rowsSinceActive: Integers;
}

export function allocateParameters(
  backend: Backend,
  concepts: number,
  dimension: number,
  extra: {
    readonly tied?: boolean;
    readonly logScale?: boolean;
    readonly archetypes?: ArchetypeShape;
  } = {},
): Parameters {
  const trained = (length: number): Trained => ({
    values: backend.floats(length),
    moments: { first: backend.floats(length), second: backend.floats(length) },
  });
  const atoms = trained(concepts * dimension);
  return {
    dimension,
    concepts,
    encoder: extra.tied ? atoms : trained(concepts * dimension),
    tied: extra.tied === true,
    encoderBias: trained(concepts),
    atoms,
    decoderBias: trained(dimension),
    thresholds: trained(concepts),
    ...(extra.logScale && { logScale: trained(concepts) }),
    ...(extra.archetypes && { archetypes: allocateArchetypes(extra.archetypes, concepts, dimension) }),
    lastTouched: backend.integers(concepts),
    rowsSinceActive: backend.integers(concepts),
  };
}

const trainedNames = ["encoder", "encoderBias", "atoms", "decoderBias", "thresholds", "logScale"] as const;

/** Every tensor by the name it has in a checkpoint, with its shape. */
export function namedTensors(
  parameters: Parameters,
): { name: string; tensor: Floats | Integers; shape: readonly number[] }[] {
  const { concepts: c, dimension: d } = parameters;
  const shapes = {
    encoder: [c, d],
    encoderBias: [c],
    atoms: [c, d],
    decoderBias: [d],
    thresholds: [c],
    logScale: [c],
  } as const;
  const named: { name: string; tensor: Floats | Integers; shape: readonly number[] }[] = [];
  for (const name of trainedNames) {
    const trained = parameters[name];
    if (!trained || (name === "encoder" && parameters.tied)) continue;
    const { values, moments } = trained;
    const shape = shapes[name];
    named.push({ name, tensor: values, shape });
    named.push({ name: `${name}.first`, tensor: moments.first, shape });
    named.push({ name: `${name}.second`, tensor: moments.second, shape });
  }
  named.push({ name: "lastTouched", tensor: parameters.lastTouched, shape: [c] });
  named.push({ name: "rowsSinceActive", tensor: parameters.rowsSinceActive, shape: [c] });
  return named;
}

export function freeParameters(backend: Backend, parameters: Parameters): void {
  backend.free(...namedTensors(parameters).map(({ tensor }) => tensor));
}
