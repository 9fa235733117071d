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
      `${learner} aligns modalities in one dictionary; the design is ${design}, expected shared`,
    );
  }
  for (const option of ["alignment", "isoEnergy", "paired", "leaveStrongest"] as const) {
    if (given[option] !== undefined) {
      throw badUsage(`${option} is ${given[option]}; ${learner} uses no pairs, aligned does`);
    }
  }
  return null;
}
