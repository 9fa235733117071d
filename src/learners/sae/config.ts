/**
 * Options of the sparse autoencoders as a user writes them, and the complete configuration that a
 * run uses and keeps beside its result.
 */
import { badUsage } from "../../base/errors.ts";
import type { Centring } from "../learner.ts";
import { between, centring, oneOf, parseOptions, positive, text, whole, yesOrNo } from "../option-values.ts";
import {
  resolveArchetypes,
  resolvePairing,
  resolvePrefixes,
  type ArchetypeOptions,
  type Pairing,
} from "./own-options.ts";

export interface SaeConfig {
  readonly learner: string;
  /** c */
  readonly concepts: number;
  /** Active concepts per sample on average; the target L0 of `jumprelu` and `relu`. */
  readonly k: number;
  readonly epochs: number;
  /** Rows of one step. */
  readonly batch: number;
  /** Adam's highest rate. */
  readonly lr: number;
  /** Share of all steps in which the rate rises to `lr`. */
  readonly warmup: number;
  /** The rate at the end of the cosine, as a share of `lr`. */
  readonly finalRate: number;
  readonly beta1: number;
  readonly beta2: number;
  /** Concepts without an entry keep their moments until next touched. */
  readonly lazy: boolean;
  /** Highest joint gradient norm; null: no clipping. */
  readonly clip: number | null;
  readonly center: Centring;
  /** Rows are scaled to a mean norm of 1 after centring. */
  readonly scale: boolean;
  readonly seed: number;
  /** Share of rows not trained on: they evaluate the run, and set the threshold of methods that have one. */
  readonly heldOut: number;
  /** Image and text weights of the rows of an epoch; null: as many of each as there are. */
  readonly epochMixture: { readonly image: number; readonly text: number } | null;
  /** Weight of the auxiliary loss, in which dead concepts reconstruct the residual. */
  readonly auxiliary: number;
  /** Dead concepts that each row may use in it. */
  readonly auxiliaryK: number;
  /** Rows without activation after which a concept counts as dead. */
  readonly deadAfter: number;
  /** Epochs between revivals of dead concepts from badly reconstructed rows; 0: never. */
  readonly reviveEvery: number;
  /** Evaluations without progress after which training ends; 0: never. */
  readonly patience: number;
  /** Gain in R² that counts as progress. */
  readonly plateau: number;
  /** Evaluations spread over the run. */
  readonly evaluations: number;
  /** Steps between rows of history; 0: chosen so that there are about 200. */
  readonly logEvery: number;
  /** Steps between checkpoints; 0: on abort, and when whoever runs it asks. */
  readonly checkpointEvery: number;
  /** Mean active concepts per sample that feedback steers to; null: `l1` is used as it is. */
  readonly targetL0: number | null;
  /** Weight of the L1 penalty (`relu`). */
  readonly l1: number | null;
  /** Widths of the nested dictionaries of `matryoshka`, the last one c, or drawn anew for each step; null: one. */
  readonly prefixes: readonly number[] | "sampled" | null;
  /** Width of the rectangle kernel of the straight-through estimators (`jumprelu`). */
  readonly bandwidth: number;
  /** One dictionary for all rows, or one per modality put together. */
  readonly design: "shared" | "modality-specific";
  /** Concepts of images in the modality-specific design; null: half of them. */
  readonly imageConcepts: number | null;
  /** Penalties on the codes of paired rows (`aligned`). */
  readonly pairing: Pairing | null;
  /** What atoms are mixed from (`archetypal`). */
  readonly archetypes: ArchetypeOptions | null;
}

/** What differs between the methods before any training. */
export interface MethodDefaults {
  readonly learner: string;
  /** A row can only have a whole number of active concepts. */
  readonly wholeK: boolean;
  readonly usesTargetL0: boolean;
  readonly usesL1: boolean;
  /**
   * Dead concepts have no positive pre-activation, which the auxiliary loss selects by: they are
   * revived from badly reconstructed rows instead.
   */
  readonly revivesByRows?: boolean;
  /** Prefixes of the dictionary have to reconstruct on their own. */
  readonly usesPrefixes?: boolean;
  /** Batches hold paired rows. */
  readonly usesPairs?: boolean;
  /** The encoder is the dictionary, its bias −D·b_dec: they are not trained on their own. */
  readonly tied?: boolean;
  /** Atoms are mixtures of data points. */
  readonly mixesArchetypes?: boolean;
}

const options = {
  concepts: whole(1),
  k: positive(),
  epochs: whole(1),
  batch: whole(1),
  lr: positive(),
  warmup: between(0, 0.9),
  finalRate: between(0, 1),
  beta1: between(0, 0.9999),
  beta2: between(0, 0.999999),
  lazy: yesOrNo(),
  clip: positive().nullable(),
  center: centring(),
  scale: yesOrNo(),
  seed: whole(0),
  heldOut: between(0, 0.9),
  epochMixture: text(),
  balanced: yesOrNo(),
  auxiliary: between(0, 100),
  auxiliaryK: whole(1),
  deadAfter: whole(1),
  reviveEvery: whole(0),
  patience: whole(0),
  plateau: between(0, 1),
  evaluations: whole(0),
  logEvery: whole(0),
  checkpointEvery: whole(0),
  targetL0: positive(),
  l1: positive(),
  prefixes: text(),
  bandwidth: positive(),
  design: oneOf("shared", "modality-specific"),
  imageConcepts: whole(1),
  alignment: between(0, 1000),
  isoEnergy: between(0, 1000),
  paired: between(0, 1),
  leaveStrongest: yesOrNo(),
  candidates: whole(1),
  support: whole(1),
  relaxation: between(0, 1000),
};

/** "75:25" → image weight 75, text weight 25. */
function parseMixture(given: string): { image: number; text: number } {
  const match = /^(\d+(?:\.\d+)?):(\d+(?:\.\d+)?)$/.exec(given.trim());
  const image = Number(match?.[1]);
  const texts = Number(match?.[2]);
  if (!(image + texts > 0)) {
    throw badUsage(`epochMixture is "${given}"; expected image:text weights such as 75:25`);
  }
  return { image, text: texts };
}

/** Fills in what was left out; `set` is all rows, held-out ones included. */
export function resolveConfig(
  given: Readonly<Record<string, unknown>>,
  set: { readonly rows: number; readonly dimension: number },
  method: MethodDefaults,
): SaeConfig {
  const name = method.learner;
  const own = parseOptions(options, given, name);
  const heldOut = own.heldOut ?? 0.1;
  const trainRows = set.rows - Math.round(heldOut * set.rows);
  if (trainRows < 1) throw badUsage(`${set.rows} rows with heldOut ${heldOut} leave none to train on`);
  const concepts = own.concepts ?? Math.max(1, Math.min(8 * set.dimension, Math.floor(trainRows / 4)));
  const k = own.k ?? Math.min(concepts, Math.max(16, Math.min(32, Math.round(set.dimension / 32))));
  if (k > concepts) throw badUsage(`k is ${k} of ${concepts} concepts; expected no more than there are`);
  if (method.wholeK && !Number.isInteger(k)) throw badUsage(`k is ${k}; ${name} needs a whole number`);
  const mixture = own.epochMixture === undefined ? null : parseMixture(own.epochMixture);
  if (own.balanced && mixture && mixture.image !== mixture.text) {
    throw badUsage(`balanced asks for 50:50 and epochMixture for ${own.epochMixture}; expected one of them`);
  }
  if (own.targetL0 !== undefined && !method.usesTargetL0) {
    throw badUsage(`${name} has no target L0; its option k is the number of active concepts`);
  }
  if (own.targetL0 !== undefined && own.targetL0 > concepts) {
    throw badUsage(`targetL0 is ${own.targetL0} of ${concepts} concepts; expected no more than there are`);
  }
  if (own.l1 !== undefined && !method.usesL1) throw badUsage(`${name} has no L1 penalty; relu has`);
  if (own.l1 !== undefined && own.targetL0 !== undefined) {
    throw badUsage("l1 and targetL0 are both given; expected one of them, the other follows from it");
  }
  const design = own.design ?? "shared";
  const widest = design === "shared" ? concepts : checkedParts(concepts, k, own);
  if (design === "shared" && own.imageConcepts !== undefined) {
    throw badUsage(`imageConcepts is ${own.imageConcepts}; it needs the design modality-specific`);
  }
  if (own.auxiliary !== undefined && own.auxiliary > 0 && method.revivesByRows) {
    throw badUsage(
      `auxiliary is ${own.auxiliary}; dead concepts of ${name} have no positive pre-activations, which that loss needs: use reviveEvery`,
    );
  }
  const config: SaeConfig = {
    learner: name,
    concepts,
    k,
    epochs: own.epochs ?? 20,
    batch: Math.min(own.batch ?? defaultBatch(trainRows), trainRows),
    lr: own.lr ?? defaultRate(widest),
    warmup: own.warmup ?? 0.05,
    finalRate: own.finalRate ?? 0.01,
    beta1: own.beta1 ?? 0.9,
    beta2: own.beta2 ?? 0.98,
    lazy: own.lazy ?? false,
    clip: own.clip ?? null,
    center: own.center ?? "global",
    scale: own.scale ?? true,
    seed: own.seed ?? 0,
    heldOut,
    epochMixture: own.balanced ? { image: 1, text: 1 } : mixture,
    auxiliary: own.auxiliary ?? (method.revivesByRows ? 0 : 1),
    auxiliaryK: own.auxiliaryK ?? Math.ceil((method.tied ? 1 : 4) * k),
    deadAfter: own.deadAfter ?? Math.max(own.batch ?? defaultBatch(trainRows), Math.min(trainRows, 10_000)),
    reviveEvery: own.reviveEvery ?? (method.revivesByRows ? 2 : 0),
    patience: own.patience ?? 0,
    plateau: own.plateau ?? 0.0005,
    evaluations: own.evaluations ?? 10,
    logEvery: own.logEvery ?? 0,
    checkpointEvery: own.checkpointEvery ?? 0,
    targetL0: method.usesTargetL0 && own.l1 === undefined ? (own.targetL0 ?? k) : null,
    l1: own.l1 ?? null,
    prefixes: resolvePrefixes(name, method.usesPrefixes === true, concepts, own.prefixes),
    bandwidth: own.bandwidth ?? 0.05,
    design,
    imageConcepts: own.imageConcepts ?? null,
    pairing: resolvePairing(name, method.usesPairs === true, design, own),
    archetypes: resolveArchetypes(name, method.mixesArchetypes === true, trainRows, own),
  };
  return Object.freeze(config);
}

/** Concepts of the larger part of a modality-specific design. */
function checkedParts(
  concepts: number,
  k: number,
  given: { readonly imageConcepts?: number; readonly epochMixture?: string; readonly balanced?: boolean },
): number {
  if (given.epochMixture !== undefined || given.balanced) {
    throw badUsage(
      "epochMixture and balanced mix modalities; the modality-specific design trains each alone",
    );
  }
  const images = given.imageConcepts ?? Math.floor(concepts / 2);
  const least = Math.min(images, concepts - images);
  if (least < Math.max(1, k)) {
    throw badUsage(
      `imageConcepts is ${images} of ${concepts} concepts with k ${k}; expected at least k for each modality`,
    );
  }
  return concepts - least;
}

/** Enough steps for small sets, full use of the dense product for large ones. */
function defaultBatch(trainRows: number): number {
  return trainRows < 50_000 ? 256 : 1024;
}

/** Wider dictionaries want smaller steps (arXiv 2406.04093 scales the rate by 1/√c). */
function defaultRate(concepts: number): number {
  return 1e-3 * Math.sqrt(4096 / Math.max(1024, concepts));
}
