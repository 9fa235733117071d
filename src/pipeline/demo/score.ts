/** How much of the planted truth a dictionary and its analysis found. */
import type { Backend } from "../../kernels/backend.ts";
import type { Dictionary } from "../../learners/dictionary.ts";
import { matchAtoms } from "../../metrics/stability.ts";
import type { Analysis } from "../analysis/analyze-dictionary.ts";
import { plantedModality, type Truth } from "./truth.ts";

export interface DemoScore {
  readonly plantedConcepts: number;
  /** Planted concepts whose match, one to one, has a cosine above 0.9. */
  readonly recoveredConcepts: number;
  /** Pairs of a picture-only and a caption-only concept that go together. */
  readonly plantedBridges: number;
  /**
   * Of these, significant bridges between the two recovered concepts: q below 0.05 against shuffled
   * pairing and against the permuted dictionary.
   */
  readonly recoveredBridges: number;
  /** Mean |modality score − truth| over recovered concepts. */
  readonly modalityError: number;
  readonly meanCosine: number;
}

const recoveredFrom = 0.9;
const significant = 0.05;

export async function scoreDemo(
  truth: Truth,
  dictionary: Dictionary,
  analysis: Pick<Analysis, "concepts" | "bridges">,
  backend: Backend,
): Promise<DemoScore> {
  const planted = { concepts: truth.concepts.length, dimension: truth.dimension, atoms: truth.atoms };
  const { match, cosine } = await matchAtoms(backend, planted, dictionary);
  const isRecovered = (j: number): boolean => cosine[j]! > recoveredFrom;
  const recovered = truth.concepts.flatMap((concept, j) =>
    isRecovered(j) ? [{ concept, found: match[j]! }] : [],
  );
  const bridged = new Set(
    analysis.bridges.byImage
      .filter((bridge) => bridge.score > 0 && bridge.shuffleQ < significant && bridge.permutedQ < significant)
      .map((bridge) => `${bridge.imageConcept} ${bridge.textConcept}`),
  );
  const recoveredTwins = truth.twins.filter(
    ({ image, text }) =>
      isRecovered(image) && isRecovered(text) && bridged.has(`${match[image]!} ${match[text]!}`),
  );
  let error = 0;
  for (const { concept, found } of recovered) {
    const score = analysis.concepts[found]!.modalityScore;
    // A concept that is never active has no score: it counts as wholly wrong.
    error += score === null ? 1 : Math.abs(score - plantedModality(concept));
  }
  return {
    plantedConcepts: truth.concepts.length,
    recoveredConcepts: recovered.length,
    plantedBridges: truth.twins.length,
    recoveredBridges: recoveredTwins.length,
    modalityError: error / Math.max(1, recovered.length),
    meanCosine:
      cosine.reduce((sum, value) => sum + (Number.isNaN(value) ? 0 : value), 0) / truth.concepts.length,
  };
}
