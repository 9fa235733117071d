/** How many bridges each concept has: co-active pairs of concepts with it at an end, whatever is shown of them. */
import type { Bridges } from "../../metrics/bridges.ts";

/** One count per concept. */
export interface BridgeCounts {
  /** With it on the image side, on the text side, and on either: the bridge to itself counts once. */
  readonly image: Uint32Array;
  readonly text: Uint32Array;
  readonly either: Uint32Array;
  /** Significant ones with it on either side. */
  readonly significant: Uint32Array;
}

export function noBridges(concepts: number): BridgeCounts {
  const zeros = (): Uint32Array => new Uint32Array(concepts);
  return { image: zeros(), text: zeros(), either: zeros(), significant: zeros() };
}

/** `significant`: 1 where entry e of `found` is. */
export function bridgeCounts(found: Bridges, significant: Uint8Array): BridgeCounts {
  const counts = noBridges(found.concepts);
  found.imageConcept.forEach((i, e) => {
    const j = found.textConcept[e]!;
    counts.image[i]!++;
    counts.text[j]!++;
    for (const end of i === j ? [i] : [i, j]) {
      counts.either[end]!++;
      counts.significant[end]! += significant[e]!;
    }
  });
  return counts;
}
