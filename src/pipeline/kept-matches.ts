/** Keeps in a study how the concepts of two of its dictionaries match, in the folder of each. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { badInput } from "../base/errors.ts";
import { writeParquet } from "../formats/parquet.ts";
import { sha256Of } from "../platform/node/files/file-list.ts";
import { writeFileAtomic, writeJson } from "../platform/node/files/write-file.ts";
import type { StabilityRecord } from "../protocol/stability.ts";
import { studyLayout } from "../protocol/study-layout.ts";
import { studySchemaVersion } from "../protocol/study.ts";
import type { DirectionComparison } from "./compare.ts";

/** `comparison` is of `a` with `b`, which has `conceptsB` concepts. */
export async function keepMatches(
  study: string,
  a: string,
  b: string,
  conceptsB: number,
  comparison: DirectionComparison,
): Promise<void> {
  const { matches } = comparison;
  const fromA = { match: new Int32Array(matches.length).fill(-1), cosine: new Float64Array(matches.length) };
  const fromB = { match: new Int32Array(conceptsB).fill(-1), cosine: new Float64Array(conceptsB) };
  for (const { concept, match, cosine } of matches) {
    if (match < 0) continue;
    fromA.match[concept] = match;
    fromA.cosine[concept] = cosine;
    fromB.match[match] = concept;
    fromB.cosine[match] = cosine;
  }
  try {
    await write(study, a, b, fromA, comparison);
    await write(study, b, a, fromB, comparison);
  } catch (cause) {
    throw badInput(
      `${study} cannot be written to (${(cause as Error).message}); --no-keep compares without keeping the matches`,
      cause,
    );
  }
}

/** Rows of a reader's request. */
const rowGroupSize = 4096;

async function write(
  study: string,
  name: string,
  other: string,
  { match, cosine }: { readonly match: Int32Array; readonly cosine: Float64Array },
  { matched, stability, stabilityAtInit, stabilityRandom }: DirectionComparison,
): Promise<void> {
  const layout = studyLayout.dictionary(name).stability;
  const known = (values: ArrayLike<number>): (number | null)[] =>
    Array.from(match, (partner, j) => (partner < 0 ? null : (values[j] ?? null)));
  const table = writeParquet(
    [
      { name: "concept", type: "INT32", data: Array.from(match.keys()) },
      { name: "match", type: "INT32", data: known(match) },
      { name: "cosine", type: "FLOAT", data: known(cosine) },
    ],
    { rowGroupSize },
  );
  const manifest = await readFile(join(study, studyLayout.dictionary(other).manifest));
  await writeFileAtomic(join(study, layout.matches(other)), table);
  await writeJson(join(study, layout.record(other)), {
    schemaVersion: studySchemaVersion,
    kind: "stability",
    name,
    other,
    otherManifest: sha256Of(manifest),
    matched,
    stability,
    stabilityAtInit,
    stabilityRandom,
  } satisfies StabilityRecord);
}
