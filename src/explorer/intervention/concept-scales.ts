/** Which concepts are kept, off or scaled, and by how much: what an address says of it, and the scale of every concept. */
import { bimodalRange } from "../../metrics/modality-gap.ts";
import { field, finite, flag, oneOf, share, wholeNumber, type Fields } from "../stores/address-field.ts";

export const keptSets = [
  "all",
  "bimodal",
  "stable",
  "energetic",
  "images",
  "texts",
  "listed",
  "picked",
] as const;
export type KeptSet = (typeof keptSets)[number];

/** A concept with the factor of its activations. */
export interface Scaled {
  readonly concept: number;
  readonly scale: number;
}

export interface Intervention {
  readonly keep: KeptSet;
  /** Whether the set is switched off instead, and all else is kept. */
  readonly without: boolean;
  /** Least matched cosine of `stable` concepts. */
  readonly stableFrom: number;
  /** Share of all energy that the `energetic` concepts hold together. */
  readonly energyShare: number;
  /** Single concepts; what is said of them holds before the set. In the order in which they were added. */
  readonly scaled: readonly Scaled[];
}

export const greatestScale = 2;
/** Concepts that the address says one by one. */
export const mostScaled = 200;

export const noIntervention: Intervention = {
  keep: "all",
  without: false,
  stableFrom: 0.7,
  energyShare: 0.5,
  scaled: [],
};

export const interventionFields: Fields<Intervention> = {
  keep: oneOf("keep", keptSets),
  without: flag("but", "off"),
  stableFrom: share("matched", noIntervention.stableFrom),
  energyShare: share("share", noIntervention.energyShare),
  scaled: field<readonly Scaled[]>("scale", [], parseScaled, (scaled) =>
    scaled.map(({ concept, scale }) => (scale === 0 ? concept : `${concept}x${scale}`)).join("_"),
  ),
};

function parseScaled(text: string): readonly Scaled[] | null {
  const scaled = new Map<number, Scaled>();
  for (const part of text.split("_")) {
    const [digits, factor = "0", ...more] = part.split("x");
    const [concept, scale] = [wholeNumber(digits), finite(factor)];
    if (concept === null || scale === null || scale < 0 || scale > greatestScale || more.length > 0)
      return null;
    scaled.set(concept, { concept, scale });
  }
  return [...scaled.values()].slice(0, mostScaled);
}

/** `scaled` with one concept set, or without it; as it is where there is no room for another. */
export function withScale(
  scaled: readonly Scaled[],
  concept: number,
  scale: number | null,
): readonly Scaled[] {
  const others = scaled.filter((one) => one.concept !== concept);
  if (scale === null) return others;
  const place = scaled.findIndex((one) => one.concept === concept);
  if (place < 0 && scaled.length >= mostScaled) return scaled;
  return place < 0 ? [...scaled, { concept, scale }] : others.toSpliced(place, 0, { concept, scale });
}

/** What sets are chosen by: one value for each concept. */
export interface SetColumns {
  readonly modalityScore: ArrayLike<number>;
  readonly energy: ArrayLike<number>;
  /** Least cosine with the matched concept of every other run; null: none was compared. */
  readonly matched: ArrayLike<number> | null;
  /** 1 where the concept passes the filters of the list. */
  readonly listed: ArrayLike<number>;
  readonly picked: ReadonlySet<number>;
}

/** c: 1 for the concepts of the set; null where it cannot be said which they are. */
export function conceptsOfSet(
  { keep, stableFrom, energyShare }: Pick<Intervention, "keep" | "stableFrom" | "energyShare">,
  columns: SetColumns,
): Uint8Array | null {
  const { modalityScore, matched } = columns;
  const where = (passes: (concept: number) => boolean): Uint8Array =>
    Uint8Array.from({ length: modalityScore.length }, (_, j) => (passes(j) ? 1 : 0));
  switch (keep) {
    case "all":
      return where(() => true);
    case "bimodal":
      return where((j) => modalityScore[j]! >= bimodalRange[0] && modalityScore[j]! <= bimodalRange[1]);
    case "images":
      return where((j) => modalityScore[j]! > bimodalRange[1]);
    case "texts":
      return where((j) => modalityScore[j]! < bimodalRange[0]);
    case "stable":
      return matched === null ? null : where((j) => matched[j]! >= stableFrom);
    case "energetic":
      return mostEnergetic(columns.energy, energyShare);
    case "listed":
      return where((j) => columns.listed[j] === 1);
    case "picked":
      return where((j) => columns.picked.has(j));
  }
}

/** c: the scale of every concept; null as in `conceptsOfSet`. */
export function conceptScales(
  intervention: Intervention,
  columns: SetColumns,
): Float32Array<ArrayBuffer> | null {
  const set = conceptsOfSet(intervention, columns);
  if (set === null) return null;
  // Without any set there is nothing to switch off.
  const kept = intervention.without && intervention.keep !== "all" ? 0 : 1;
  const scales = Float32Array.from(set, (one) => (one === kept ? 1 : 0));
  for (const { concept, scale } of intervention.scaled) if (concept < scales.length) scales[concept] = scale;
  return scales;
}

/** The fewest concepts that hold the share of all energy; equal ones by number. */
function mostEnergetic(energy: ArrayLike<number>, share: number): Uint8Array {
  const order = Array.from({ length: energy.length }, (_, j) => j).sort(
    (a, b) => energy[b]! - energy[a]! || a - b,
  );
  const total = order.reduce((sum, j) => sum + energy[j]!, 0);
  const set = new Uint8Array(energy.length);
  let held = 0;
  for (const j of order) {
    if (held >= share * total || !(energy[j]! > 0)) break;
    set[j] = 1;
    held += energy[j]!;
  }
  return set;
}

export interface KeptCount {
  /** Living concepts that are on, and living ones in all. */
  readonly concepts: number;
  readonly living: number;
  /** Share of all energy that they hold, each scaled. */
  readonly energyShare: number;
}

export function keptCount(
  scales: ArrayLike<number>,
  columns: Pick<SetColumns, "energy"> & { readonly active: ArrayLike<number> },
): KeptCount {
  let [concepts, living, kept, total] = [0, 0, 0, 0];
  for (let j = 0; j < scales.length; j++) {
    if (!(columns.active[j]! > 0)) continue;
    living++;
    if (scales[j]! > 0) concepts++;
    kept += scales[j]! * columns.energy[j]!;
    total += columns.energy[j]!;
  }
  return { concepts, living, energyShare: total > 0 ? kept / total : 0 };
}
