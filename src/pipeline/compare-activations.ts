/** Two dictionaries of different spaces compared through the items that their sets share. */
import { Random } from "../base/random.ts";
import { selectedSource } from "../base/row-selection.ts";
import { badInput } from "../base/errors.ts";
import { modalities, type Modality } from "../base/rows.ts";
import type { SparseCodes } from "../base/sparse-codes.ts";
import type { Backend } from "../kernels/backend.ts";
import { encodeRows, stackCodes } from "../learners/codes.ts";
import type { Dictionary } from "../learners/dictionary.ts";
import { matchActivations } from "../metrics/activation-stability.ts";
import { energyWeightedStability, stabilityCurve, type StabilityCurvePoint } from "../metrics/stability.ts";
import type { EmbeddingSet } from "./embedding-set.ts";
import { sharedItems, type SharedRows } from "./shared-items.ts";
import { openStudy, openStudySet } from "./study.ts";

export interface ActivationComparison {
  readonly by: "activations";
  readonly a: string;
  readonly b: string;
  /** Items of each modality that both sets have. */
  readonly shared: Readonly<Record<Modality, number>>;
  /** Concepts matched one to one: the smaller number of concepts of both. */
  readonly matched: number;
  /** Mean correlation of matched concepts' activations on the shared items. */
  readonly stability: number;
  /** The same when b's items are permuted within each modality: what matching finds by chance. */
  readonly stabilityPermuted: number;
  /** Weighted by the energy of a's concepts on a's embedding set. */
  readonly energyWeightedStability: number;
  readonly curve: readonly StabilityCurvePoint[];
  /** For each concept of `a`: its match in `b` (−1 without one), the correlation, a's energy. */
  readonly matches: readonly {
    readonly concept: number;
    readonly match: number;
    readonly correlation: number;
    readonly energy: number;
  }[];
}

export interface ComparedDictionary {
  readonly study: string;
  readonly label: string;
  readonly dictionary: Dictionary;
}

/** Fewer items than this tell nothing about thousands of concepts. */
const fewestItems = 16;

/** `verified` holds the studies whose set was read and checked already. */
export async function compareActivations(
  a: ComparedDictionary,
  b: ComparedDictionary,
  energies: Float64Array,
  backend: Backend,
  verified: Set<string>,
): Promise<ActivationComparison> {
  const sets: EmbeddingSet[] = [];
  try {
    for (const { study } of [a, b]) {
      sets.push(await openStudySet(await openStudy(study), { verify: !verified.has(study) }));
      verified.add(study);
    }
    const [setA, setB] = sets as [EmbeddingSet, EmbeddingSet];
    const shared = await sharedItems(setA, setB);
    const items = shared.image.a.length + shared.text.a.length;
    if (items < fewestItems) {
      throw badInput(
        `${a.label} and ${b.label} live in different spaces, and their sets share ${items} items (images by file name, texts by caption); expected at least ${fewestItems} to compare activations on`,
      );
    }
    const codesA = await codesOf(a.dictionary, setA, shared, "a", backend);
    const codesB = await codesOf(b.dictionary, setB, shared, "b", backend);
    const found = matchActivations(codesA, codesB);
    const byChance = matchActivations(codesA, codesB, permuted(shared));
    return {
      by: "activations",
      a: a.label,
      b: b.label,
      shared: { image: shared.image.a.length, text: shared.text.a.length },
      matched: found.matched,
      stability: found.stability,
      stabilityPermuted: byChance.stability,
      energyWeightedStability: energyWeightedStability(found.correlation, energies),
      curve: stabilityCurve(found.correlation, energies),
      matches: Array.from(found.match, (match, concept) => ({
        concept,
        match,
        correlation: found.correlation[concept]!,
        energy: energies[concept]!,
      })),
    };
  } finally {
    await Promise.all(sets.map((set) => set.close()));
  }
}

/** Codes of the shared images, then of the shared texts. */
async function codesOf(
  dictionary: Dictionary,
  { embeddings }: EmbeddingSet,
  shared: Readonly<Record<Modality, SharedRows>>,
  side: keyof SharedRows,
  backend: Backend,
): Promise<SparseCodes> {
  const parts: SparseCodes[] = [];
  for (const modality of modalities) {
    const source = selectedSource(embeddings[modality], shared[modality][side]);
    parts.push(await encodeRows(dictionary, source, modality, backend));
  }
  return stackCodes(parts, dictionary.concepts);
}

/** Images among images, texts among texts: what modality alone gives stays in the baseline. */
function permuted({ image, text }: Readonly<Record<Modality, SharedRows>>): Uint32Array {
  const images = Random.of(0, "permuted images").permutation(image.a.length);
  const texts = Random.of(0, "permuted texts").permutation(text.a.length);
  return Uint32Array.from([...images, ...texts.map((row) => images.length + row)]);
}
