/** Everything that a run needs to go on with the same bytes, and back. */
import { badInput } from "../../base/errors.ts";
import type { Backend } from "../../kernels/backend.ts";
import type { Checkpoint } from "../learner.ts";
import { archetypeArrays } from "./archetypes.ts";
import type { SaeConfig } from "./config.ts";
import { namedTensors } from "./parameters.ts";
import type { Parameters } from "./parameters.ts";
import type { Preparation } from "../preparation.ts";
import type { TrackedNumbers } from "./history.ts";
import type { PlateauState } from "./plateau.ts";

/** The numbers of a run; random streams are functions of seed and step, so they are not here. */
export interface RunState {
  readonly config: SaeConfig;
  readonly rows: number;
  /** Steps done. */
  readonly step: number;
  readonly cut: number;
  readonly scale: number;
  readonly variance: number;
  readonly method: readonly number[];
  readonly tracked: TrackedNumbers;
  readonly plateau: PlateauState;
}

export async function takeCheckpoint(
  backend: Backend,
  parameters: Parameters,
  preparation: Preparation,
  initialAtoms: Float32Array,
  state: RunState,
): Promise<Checkpoint> {
  const { concepts, dimension } = parameters;
  const tensors = new Map<string, { shape: readonly number[]; data: Float32Array | Uint32Array }>();
  for (const { name, tensor, shape } of namedTensors(parameters)) {
    const data = tensor.type === "f32" ? await backend.read(tensor) : await backend.read(tensor);
    tensors.set(name, { shape, data });
  }
  for (const { name, shape, data } of archetypeArrays(parameters.archetypes)) {
    tensors.set(name, { shape, data: data.slice() });
  }
  tensors.set("initialAtoms", { shape: [concepts, dimension], data: initialAtoms });
  tensors.set("mean.image", { shape: [dimension], data: preparation.mean.image });
  tensors.set("mean.text", { shape: [dimension], data: preparation.mean.text });
  return { tensors, state };
}

/** What decides the bytes: all but how often they are saved. */
function repeatable(config: SaeConfig): string {
  return JSON.stringify({ ...config, checkpointEvery: 0 });
}

export interface Restored {
  readonly state: RunState;
  readonly preparation: Preparation;
  readonly initialAtoms: Float32Array;
}

/** Writes the checkpoint's tensors into `parameters`; refuses a checkpoint of another run. */
export function restoreCheckpoint(
  backend: Backend,
  parameters: Parameters,
  config: SaeConfig,
  rows: number,
  { tensors, state }: Checkpoint,
): Restored {
  const saved = state as RunState;
  if (repeatable(saved.config) !== repeatable(config) || saved.rows !== rows) {
    throw badInput(
      "the checkpoint is of a run with other options or rows; expected the same, start anew or repeat the options",
    );
  }
  const held = (name: string, length: number): Float32Array | Uint32Array => {
    const data = tensors.get(name)?.data;
    if (data?.length !== length) {
      throw badInput(`the checkpoint's ${name} has ${data?.length ?? 0} numbers; expected ${length}`);
    }
    return data;
  };
  for (const { name, tensor } of namedTensors(parameters)) {
    const data = held(name, tensor.length);
    if (tensor.type === "f32") backend.write(tensor, data as Float32Array);
    else backend.write(tensor, data as Uint32Array);
  }
  for (const { name, data } of archetypeArrays(parameters.archetypes)) data.set(held(name, data.length));
  const { concepts, dimension } = parameters;
  const image = held("mean.image", dimension) as Float32Array;
  const text = held("mean.text", dimension) as Float32Array;
  return {
    state: saved,
    preparation: {
      centring: config.center,
      mean: { image, text: config.center === "per-modality" ? text : image },
      scale: saved.scale,
      variance: saved.variance,
    },
    initialAtoms: held("initialAtoms", concepts * dimension) as Float32Array,
  };
}
