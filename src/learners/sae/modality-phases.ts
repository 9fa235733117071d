/**
 * Two trainings that the outside sees as one: history and progress go on from the first to the
 * second, and a checkpoint of the second holds the finished first.
 */
import { badInput } from "../../base/errors.ts";
import type { Modality } from "../../base/rows.ts";
import { fromTensors, toTensors } from "../dictionary-tensors.ts";
import type { Checkpoint, FitContext, Fitted } from "../learner.ts";

type Phase =
  | { readonly modality: "image" }
  /** With the finished first part and its rows per step. */
  | { readonly modality: "text"; readonly image: Fitted; readonly batch: number };

interface PhaseState {
  readonly modality: Modality;
  /** The state of the training that was stopped. */
  readonly inner: unknown;
  /** Of the finished image part; null while that is the one in training. */
  readonly finished: {
    readonly settings: Readonly<Record<string, unknown>>;
    readonly preparation: Pick<Fitted["preparation"], "centring" | "scale">;
    readonly steps: number;
    readonly ended: string;
    readonly calibratedOn: Fitted["calibratedOn"] | null;
    readonly notes: readonly string[];
  } | null;
}

const finishedPrefix = "finished.";
type Tensor = { readonly shape: readonly number[]; readonly data: Float32Array | Uint32Array };

/** The context of one part; what it resumes from is taken out of the whole run's checkpoint. */
export function phaseContext(context: FitContext, phase: Phase): FitContext {
  const { progress, log, checkpoint, resume, ...rest } = context;
  const { modality } = phase;
  const stepsBefore = phase.modality === "text" ? phase.image.steps : 0;
  const rowsBefore = phase.modality === "text" ? phase.image.steps * phase.batch : 0;
  const inner = resume && innerCheckpoint(resume, modality);
  return {
    ...rest,
    progress: (report) => progress({ ...report, stage: `${report.stage} ${modality} concepts` }),
    log: (row) =>
      log({
        ...row,
        step: row["step"] + stepsBefore,
        rowsSeen: row["rowsSeen"] + rowsBefore,
        ofImages: modality === "image" ? 1 : 0,
      }),
    ...(inner && { resume: inner }),
    ...(checkpoint && {
      checkpoint: ({ tensors, state }: Checkpoint) =>
        checkpoint(
          phase.modality === "image"
            ? { tensors, state: { modality, inner: state, finished: null } satisfies PhaseState }
            : withFinished(tensors, state, phase.image),
        ),
    }),
  };
}

function innerCheckpoint({ tensors, state }: Checkpoint, modality: Modality): Checkpoint | undefined {
  const saved = phaseOf(state);
  if (saved.modality !== modality) return undefined;
  const own = new Map([...tensors].filter(([name]) => !name.startsWith(finishedPrefix)));
  return { tensors: own, state: saved.inner };
}

function phaseOf(state: unknown): PhaseState {
  const saved = state as Partial<PhaseState> | null;
  if (saved?.modality === "image" || saved?.modality === "text") return saved as PhaseState;
  throw badInput("the checkpoint is of a run with another design; expected modality-specific");
}

function withFinished(tensors: Checkpoint["tensors"], inner: unknown, image: Fitted): Checkpoint {
  const { dictionary, initialAtoms, split, preparation } = image;
  const held = toTensors(dictionary);
  const shape = [dictionary.concepts, dictionary.dimension];
  const all = new Map<string, Tensor>(tensors);
  const put = (name: string, tensor: Tensor): void => {
    all.set(finishedPrefix + name, tensor);
  };
  for (const [name, tensor] of held.tensors) put(name, tensor);
  if (initialAtoms) put("initialAtoms", { shape, data: initialAtoms });
  put("split.train", { shape: [split.train.length], data: split.train });
  put("split.heldOut", { shape: [split.heldOut.length], data: split.heldOut });
  put("mean", { shape: [dictionary.dimension], data: preparation.mean.image });
  const { centring, scale } = preparation;
  const state: PhaseState = {
    modality: "text",
    inner,
    finished: {
      settings: held.settings,
      preparation: { centring, scale },
      steps: image.steps,
      ended: image.ended,
      calibratedOn: image.calibratedOn ?? null,
      notes: image.notes,
    },
  };
  return { tensors: all, state };
}

/** The finished image part that a checkpoint of the text part holds. */
export function finishedPart(resume: Checkpoint | undefined): Fitted | undefined {
  if (!resume) return undefined;
  const { finished } = phaseOf(resume.state);
  if (!finished) return undefined;
  const floats = new Map<string, { shape: readonly number[]; data: Float32Array }>();
  const whole = new Map<string, Uint32Array>();
  for (const [name, { shape, data }] of resume.tensors) {
    if (!name.startsWith(finishedPrefix)) continue;
    const own = name.slice(finishedPrefix.length);
    if (data instanceof Float32Array) floats.set(own, { shape, data });
    else whole.set(own, data);
  }
  const rows = (name: string): Uint32Array => {
    const found = whole.get(name);
    if (!found) throw badInput(`the checkpoint has no ${finishedPrefix}${name}; remove it to start anew`);
    return found;
  };
  const mean = floats.get("mean");
  if (!mean) throw badInput(`the checkpoint has no ${finishedPrefix}mean; remove it to start anew`);
  return {
    dictionary: fromTensors({ settings: finished.settings, tensors: floats }),
    initialAtoms: floats.get("initialAtoms")?.data ?? null,
    split: { train: rows("split.train"), heldOut: rows("split.heldOut") },
    preparation: { ...finished.preparation, mean: { image: mean.data, text: mean.data } },
    steps: finished.steps,
    ended: finished.ended,
    ...(finished.calibratedOn && { calibratedOn: finished.calibratedOn }),
    notes: finished.notes,
  };
}
