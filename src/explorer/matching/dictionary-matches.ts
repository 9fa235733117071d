/** How the concepts of two dictionaries match: as `viaduct compare` kept it in the study, else computed from their atoms where they are few. */
import { badInput } from "../../base/errors.ts";
import type { Atoms } from "../../metrics/stability.ts";
import type { StabilityRecord } from "../../protocol/stability.ts";
import { studyLayout } from "../../protocol/study-layout.ts";
import type { DictionarySummary } from "../../protocol/study-summary.ts";
import { readFloats, readSafetensorsHeader } from "../../formats/safetensors.ts";
import type { DataSource } from "../data/data-source.ts";
import { numbers, ParquetTable } from "../data/parquet-table.ts";
import { rangedFile } from "../data/ranged-file.ts";
import type { MatchAtoms } from "./match-in-worker.ts";

export interface DictionaryMatch {
  /** c: the concept of the other that each was matched with, and the cosine; NaN without one. */
  readonly match: Float64Array;
  readonly cosine: Float64Array;
  /** Mean of the matched cosines. */
  readonly stability: number;
  /** The same of both before training (null: one had no start), and of one with random directions; null: not kept. */
  readonly baselines: { readonly atInit: number | null; readonly random: number } | null;
  readonly from: "study" | "page";
}

/** Cosines of one dictionary's concepts with another's that a page computes: 64 MiB of them. */
export const mostComputed = 4096 ** 2;

const known = new WeakMap<DictionarySummary, Map<DictionarySummary, Promise<DictionaryMatch | null>>>();

/** Read or computed once. Null: the study does not say, and the page cannot compute it. */
export function dictionaryMatch(
  source: DataSource,
  matchAtoms: MatchAtoms,
  a: DictionarySummary,
  b: DictionarySummary,
): Promise<DictionaryMatch | null> {
  const ofFirst = known.get(a) ?? new Map<DictionarySummary, Promise<DictionaryMatch | null>>();
  known.set(a, ofFirst);
  const match = ofFirst.get(b) ?? read(source, matchAtoms, a, b);
  match.catch(() => ofFirst.delete(b));
  ofFirst.set(b, match);
  return match;
}

async function read(
  source: DataSource,
  matchAtoms: MatchAtoms,
  a: DictionarySummary,
  b: DictionarySummary,
): Promise<DictionaryMatch | null> {
  if (a.comparedWith.includes(b.name)) return stored(source, a.name, b.name);
  const size = (a.concepts ?? Infinity) * (b.concepts ?? Infinity);
  if (a.atoms === null || b.atoms === null || !(size <= mostComputed)) return null;
  const [x, y] = await Promise.all([atomsOf(source, a), atomsOf(source, b)]);
  if (x.dimension !== y.dimension) {
    throw badInput(`concepts of ${a.name} have ${x.dimension} dimensions, those of ${b.name} ${y.dimension}`);
  }
  const { match, cosine, stability } = await matchAtoms(x, y);
  return {
    match: Float64Array.from(match, (other) => (other < 0 ? NaN : other)),
    cosine,
    stability,
    baselines: null,
    from: "page",
  };
}

async function stored(source: DataSource, name: string, other: string): Promise<DictionaryMatch> {
  const { matches, record } = studyLayout.dictionary(name).stability;
  const [table, kept] = await Promise.all([
    ParquetTable.open(source, `study/${matches(other)}`),
    source.json(`study/${record(other)}`),
  ]);
  const [match, cosine] = await table.read(["match", "cosine"]);
  const { stability, stabilityAtInit, stabilityRandom } = kept as StabilityRecord;
  return {
    match: numbers(match!),
    cosine: numbers(cosine!),
    stability,
    baselines: { atInit: stabilityAtInit, random: stabilityRandom },
    from: "study",
  };
}

async function atomsOf(source: DataSource, { atoms }: DictionarySummary): Promise<Atoms> {
  const { path, tensor } = atoms!;
  const file = await rangedFile(source, `study/${path}`);
  const { shape, data } = await readFloats(file, await readSafetensorsHeader(file), tensor);
  return { concepts: shape[0] ?? 0, dimension: shape[1] ?? 0, atoms: data };
}
