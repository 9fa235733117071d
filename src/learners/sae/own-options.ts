/** Options that belong to single methods: refused for the others, filled in for their own. */
import { badUsage } from "../../base/errors.ts";

/** What `aligned` adds to a configuration. */
export interface Pairing {
  /** Weights of the penalties. */
  readonly alignment: number;
  readonly isoEnergy: number;
  /** Share of a batch that is paired rows. */
  readonly share: number;
  /** Whether the alignment leaves out the strongest concept of either row. */
  readonly leaveStrongest: boolean;
}

interface PairingOptions {
  readonly alignment?: number;
  readonly isoEnergy?: number;
  readonly paired?: number;
  readonly leaveStrongest?: boolean;
}

/** null for methods without pairs. */
export function resolvePairing(
  learner: string,
  usesPairs: boolean,
  design: string,
  given: PairingOptions,
): Pairing | null {
  const { alignment = 0.03, isoEnergy = 0.01, paired = 0.25, leaveStrongest = true } = given;
  if (usesPairs) {
    if (design === "shared") return { alignment, isoEnergy, share: paired, leaveStrongest };
    throw badUsage(
      `${learner} compares the codes of an image and its text in one dictionary, and the design ${design} has none for both; expected shared`,
    );
  }
  for (const option of ["alignment", "isoEnergy", "paired", "leaveStrongest"] as const) {
    if (given[option] !== undefined) {
      throw badUsage(`${option} is ${given[option]}; ${learner} uses no pairs, aligned does`);
    }
  }
  return null;
}

/** The kernels take eight loss terms; one is the auxiliary loss. */
const mostPrefixes = 7;

/** null for methods without prefixes. */
export function resolvePrefixes(
  learner: string,
  usesPrefixes: boolean,
  concepts: number,
  given: string | undefined,
): readonly number[] | "sampled" | null {
  if (usesPrefixes) return parsePrefixes(given, concepts);
  if (given === undefined) return null;
  throw badUsage(`prefixes is "${given}"; ${learner} has none, matryoshka does`);
}

/** "64,256,1024" → those widths and the whole; default: a sixteenth, an eighth, a quarter, half, the whole. */
function parsePrefixes(given: string | undefined, concepts: number): readonly number[] | "sampled" {
  if (given === "sampled") return given;
  const widths =
    given === undefined
      ? [16, 8, 4, 2].map((part) => Math.ceil(concepts / part))
      : given.split(",").map((width) => Number(width));
  const ascending = widths.every((width, i) => width > (i === 0 ? 0 : widths[i - 1]));
  if (given !== undefined && !(ascending && widths.every((w) => Number.isInteger(w) && w <= concepts))) {
    throw badUsage(
      `prefixes is "${given}"; expected "sampled" or ascending widths up to ${concepts} such as 64,256,1024`,
    );
  }
  const all = [...new Set([...widths, concepts])];
  if (all.length > mostPrefixes) {
    throw badUsage(
      `prefixes is "${given}", with the whole ${all.length} widths; expected at most ${mostPrefixes}`,
    );
  }
  return all;
}

/** What `archetypal` adds to a configuration. */
export interface ArchetypeOptions {
  /** Rows of the data that atoms are mixed from. */
  readonly candidates: number;
  /** Of them, those nearest to an atom's start, which it may mix. */
  readonly support: number;
  /** δ: the longest relaxation, in the units of prepared rows: their mean norm is 1 unless `scale` is off. */
  readonly relaxation: number;
}

/** null for methods without archetypes. */
export function resolveArchetypes(
  learner: string,
  mixesArchetypes: boolean,
  trainRows: number,
  given: Partial<ArchetypeOptions> & { readonly reviveEvery?: number },
): ArchetypeOptions | null {
  if (mixesArchetypes) {
    if (given.reviveEvery) {
      throw badUsage(`reviveEvery is ${given.reviveEvery}; ${learner} cannot move atoms to rows, expected 0`);
    }
    const candidates = Math.min(given.candidates ?? 4096, trainRows);
    const support = Math.min(given.support ?? 32, candidates);
    return { candidates, support, relaxation: given.relaxation ?? 0.3 };
  }
  for (const option of ["candidates", "support", "relaxation"] as const) {
    if (given[option] !== undefined) {
      throw badUsage(`${option} is ${given[option]}; ${learner} mixes no archetypes, archetypal does`);
    }
  }
  return null;
}
