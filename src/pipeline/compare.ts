/** `viaduct compare`: how far two dictionaries learned the same concepts, beside what chance and shared starts give. */
import { existsSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { badInput, badUsage } from "../base/errors.ts";
import { silent, type Progress } from "../base/progress.ts";
import type { Backend } from "../kernels/backend.ts";
import { encodeRows } from "../learners/codes.ts";
import { conceptActivity } from "../metrics/concept-activity.ts";
import { energyPooled } from "../metrics/energy.ts";
import {
  energyWeightedStability,
  matchAtoms,
  randomAtoms,
  stabilityCurve,
  type Atoms,
  type StabilityCurvePoint,
} from "../metrics/stability.ts";
import { studyLayout } from "../protocol/study-layout.ts";
import type { StudyManifest } from "../protocol/study.ts";
import { compareActivations, type ActivationComparison } from "./compare-activations.ts";
import { openDictionary, type StoredDictionary } from "./dictionary-folder.ts";
import { keepMatches } from "./kept-matches.ts";
import { openStudy, openStudySet } from "./study.ts";

export type Comparison = DirectionComparison | ActivationComparison;

/** Of dictionaries of one model: by the cosines of their atoms. */
export interface DirectionComparison {
  readonly by: "directions";
  readonly a: string;
  readonly b: string;
  /** Concepts matched one to one: the smaller number of concepts of both. */
  readonly matched: number;
  /** Mean matched cosine. */
  readonly stability: number;
  /** The same of both dictionaries before their first step; null where a method has no start. */
  readonly stabilityAtInit: number | null;
  /** Of `a` and random unit rows. */
  readonly stabilityRandom: number;
  /** Weighted by the energy of a's concepts on a's embedding set. */
  readonly energyWeightedStability: number;
  readonly curve: readonly StabilityCurvePoint[];
  /** For each concept of `a`: its match in `b` (−1 without one), the cosine, a's energy. */
  readonly matches: readonly {
    readonly concept: number;
    readonly match: number;
    readonly cosine: number;
    readonly energy: number;
  }[];
}

/** How two dictionaries are compared; "auto": by direction where their sets are of one model, refused where that is unknown. */
export type CompareBy = "auto" | Comparison["by"];

/**
 * `places` are studies (all their dictionaries) or folders of single dictionaries; every pair is compared.
 * With `keep`, matches by direction within one study are written into it.
 */
export async function compareDictionaries(
  places: readonly string[],
  effects: { readonly backend: Backend; readonly progress?: Progress },
  by: CompareBy = "auto",
  keep = false,
): Promise<Comparison[]> {
  const { backend, progress = silent } = effects;
  const found = (await Promise.all(places.map(dictionariesAt))).flat();
  if (found.length < 2) {
    throw badUsage(
      `${places.join(", ")} ${found.length === 1 ? "is one dictionary" : "hold no dictionary"}; expected at least two to compare`,
    );
  }
  const oneModel = by === "auto" ? await modelsOf(found) : () => by === "directions";
  const verified = new Set<string>();
  const total = (found.length * (found.length - 1)) / 2;
  const out: Comparison[] = [];
  for (let i = 0; i < found.length; i++) {
    const a = await open(found[i]!);
    const energies =
      i + 1 < found.length ? await energiesOf(found[i]!, a, backend, verified) : new Float64Array(0);
    for (let j = i + 1; j < found.length; j++) {
      progress({ stage: "compare", done: out.length, total, unit: "pairs" });
      const b = await open(found[j]!);
      const [ofA, ofB] = [found[i]!, found[j]!];
      if (oneModel(ofA, ofB)) {
        const comparison = await compare(ofA, a, energies, ofB, b, backend);
        if (keep && ofA.study === ofB.study && ofA.name !== ofB.name) {
          await keepMatches(ofA.study, ofA.name, ofB.name, b.dictionary.concepts, comparison);
        }
        out.push(comparison);
      } else {
        out.push(
          await compareActivations(
            { ...ofA, dictionary: a.dictionary },
            { ...ofB, dictionary: b.dictionary },
            energies,
            backend,
            verified,
          ),
        );
      }
    }
  }
  return out;
}

/** Whether directions mean the same for two: one set, or sets of one model. Throws where sets do not say. */
async function modelsOf(places: readonly Place[]): Promise<(a: Place, b: Place) => boolean> {
  const sets = new Map<string, StudyManifest["set"]>();
  for (const { study } of places) {
    if (!sets.has(study)) sets.set(study, (await openStudy(study)).manifest.set);
  }
  const ofOne = (a: Place, b: Place): boolean => {
    const [one, other] = [sets.get(a.study)!, sets.get(b.study)!];
    if (one.dataHash === other.dataHash) return true;
    if (one.dimension !== other.dimension) return false;
    const unnamed = [one, other].filter(({ model }) => model === null).map(({ path }) => path);
    if (unnamed.length === 0) return one.model === other.model;
    throw badUsage(
      `${a.label} and ${b.label} learned from different embedding sets, and ${unnamed.join(" and ")} ${unnamed.length === 1 ? "names" : "name"} no model; say --by directions if one model made both, else --by activations`,
    );
  };
  // Before any work is done.
  places.forEach((a, i) => places.slice(i + 1).forEach((b) => ofOne(a, b)));
  return ofOne;
}

interface Place {
  readonly study: string;
  readonly name: string;
  readonly label: string;
}

async function dictionariesAt(place: string): Promise<Place[]> {
  const path = resolve(place);
  if (existsSync(join(path, studyLayout.manifest))) {
    const study = await openStudy(place);
    return study.dictionaries.map((name) => ({
      study: study.path,
      name,
      label: `${basename(study.path)}/${name}`,
    }));
  }
  const study = dirname(dirname(path));
  if (
    existsSync(join(study, studyLayout.manifest)) &&
    existsSync(join(study, studyLayout.dictionary(basename(path)).manifest))
  ) {
    return [{ study, name: basename(path), label: `${basename(study)}/${basename(path)}` }];
  }
  throw badInput(
    `${place} is neither a study nor a finished dictionary in one; name a study, or <study>/dictionaries/<name>`,
  );
}

function open({ study, name }: Place): Promise<StoredDictionary> {
  return openDictionary(study, name);
}

/** `verified` holds the studies whose set was read and checked already. */
async function energiesOf(
  place: Place,
  { dictionary }: StoredDictionary,
  backend: Backend,
  verified: Set<string>,
): Promise<Float64Array> {
  const set = await openStudySet(await openStudy(place.study), { verify: !verified.has(place.study) });
  verified.add(place.study);
  try {
    const { image, text } = set.embeddings;
    return energyPooled(
      conceptActivity(await encodeRows(dictionary, image, "image", backend)),
      conceptActivity(await encodeRows(dictionary, text, "text", backend)),
    );
  } finally {
    await set.close();
  }
}

async function compare(
  placeA: Place,
  a: StoredDictionary,
  energies: Float64Array,
  placeB: Place,
  b: StoredDictionary,
  backend: Backend,
): Promise<DirectionComparison> {
  if (a.dictionary.dimension !== b.dictionary.dimension) {
    throw badInput(
      `${placeA.label} has ${a.dictionary.dimension} dimensions and ${placeB.label} has ${b.dictionary.dimension}; only dictionaries of one model can be compared by direction, others by activations`,
    );
  }
  const initial = ({ dictionary, initialAtoms }: StoredDictionary): Atoms | null =>
    initialAtoms && { ...dictionary, atoms: initialAtoms };
  const trained = await matchAtoms(backend, a.dictionary, b.dictionary);
  const [startA, startB] = [initial(a), initial(b)];
  const atInit = startA && startB && (await matchAtoms(backend, startA, startB));
  const random = randomAtoms(b.dictionary.concepts, b.dictionary.dimension, 0);
  const byChance = await matchAtoms(backend, a.dictionary, random);
  return {
    by: "directions",
    a: placeA.label,
    b: placeB.label,
    matched: trained.matched,
    stability: trained.stability,
    stabilityAtInit: atInit && atInit.stability,
    stabilityRandom: byChance.stability,
    energyWeightedStability: energyWeightedStability(trained.cosine, energies),
    curve: stabilityCurve(trained.cosine, energies),
    matches: Array.from(trained.match, (match, concept) => ({
      concept,
      match,
      cosine: trained.cosine[concept]!,
      energy: energies[concept]!,
    })),
  };
}
