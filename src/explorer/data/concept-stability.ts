/** How well other dictionaries find each concept again: what `viaduct compare` kept in the study. */
import { studyLayout } from "../../protocol/study-layout.ts";
import type { DictionarySummary } from "../../protocol/study-summary.ts";
import type { DataSource } from "./data-source.ts";
import { once } from "./once.ts";
import { numbers, ParquetTable } from "./parquet-table.ts";

export interface Partners {
  names: readonly string[];
  /** Whether all are runs of the same learner with as many concepts. */
  alike: boolean;
}

/**
 * The dictionaries that the stability of a concept is the mean over: other runs of the same learner and
 * size where some were compared, else all that were; null when none was.
 */
export function stabilityPartners(
  { comparedWith, learner, concepts }: DictionarySummary,
  dictionaries: readonly DictionarySummary[],
): Partners | null {
  if (comparedWith.length === 0) return null;
  const alike = comparedWith.filter((name) => {
    const other = dictionaries.find((one) => one.name === name);
    return learner !== null && other?.learner === learner && other.concepts === concepts;
  });
  return alike.length > 0 ? { names: alike, alike: true } : { names: comparedWith, alike: false };
}

async function readMatchedCosines(
  source: DataSource,
  name: string,
  partners: readonly string[],
): Promise<Float64Array[]> {
  const { matches } = studyLayout.dictionary(name).stability;
  return Promise.all(
    partners.map(async (other) => {
      const table = await ParquetTable.open(source, `study/${matches(other)}`);
      const [values] = await table.read(["cosine"]);
      return numbers(values!);
    }),
  );
}

/** Mean matched cosine of each concept over `partners`; NaN where none of them matches it. */
export async function readStability(
  source: DataSource,
  name: string,
  partners: readonly string[],
): Promise<Float64Array> {
  const cosines = await readMatchedCosines(source, name, partners);
  return Float64Array.from(cosines[0] ?? [], (_, j) => {
    const found = cosines.map((values) => values[j]!).filter((cosine) => !Number.isNaN(cosine));
    return found.length === 0 ? NaN : found.reduce((sum, cosine) => sum + cosine, 0) / found.length;
  });
}

/** Least matched cosine of each concept over `partners`; NaN where one of them does not match it. */
export async function readLeastMatched(
  source: DataSource,
  name: string,
  partners: readonly string[],
): Promise<Float64Array> {
  const cosines = await readMatchedCosines(source, name, partners);
  return Float64Array.from(cosines[0] ?? [], (_, j) => Math.min(...cosines.map((values) => values[j]!)));
}

/** The concept of another dictionary that one concept was matched with. */
export interface ConceptMatch {
  other: string;
  /** Null: without a partner there, because it has fewer concepts. */
  match: number | null;
  cosine: number | null;
}

/** A matched cosine below this is called not reproducible. */
export const reproducibleFrom = 0.5;

/** One concept's match in each of the others; the tables are opened once. */
export function matchReader(
  source: DataSource,
  name: string,
  others: readonly string[],
): (concept: number) => Promise<ConceptMatch[]> {
  const { matches } = studyLayout.dictionary(name).stability;
  const tables = others.map((other) => once(() => ParquetTable.open(source, `study/${matches(other)}`)));
  return (concept) =>
    Promise.all(
      tables.map(async (open, i) => {
        const [match, cosine] = await (await open()).read(["match", "cosine"], concept, concept + 1);
        const known = (values: Float64Array): number | null =>
          values.length === 0 || Number.isNaN(values[0]) ? null : values[0]!;
        return { other: others[i]!, match: known(numbers(match!)), cosine: known(numbers(cosine!)) };
      }),
    );
}
