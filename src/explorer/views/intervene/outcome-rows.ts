/** The measures of an intervention, before and now, in the order in which they are shown. */
import type { Outcome } from "../../intervention/engine.ts";
import type { KeptCount } from "../../intervention/concept-scales.ts";
import type { OpenIntervention } from "../../intervention/intervention-session.ts";
import type { DefinitionKey } from "../../widgets/definitions.ts";

export interface OutcomeRow {
  readonly name: string;
  readonly term: DefinitionKey | null;
  /** Of the embeddings as they are; null: not known for these rows. */
  readonly embeddings: number | null;
  readonly before: number | null;
  readonly now: number | null;
  readonly as: "number" | "share" | "count";
  /** Whether it is drawn beside the others. */
  readonly drawn: boolean;
}

const ranks = [1, 5, 10] as const;

export function outcomeRows(
  { before, analysis, searched, meansOfAll, ofEmbeddings }: OpenIntervention,
  now: Outcome | null,
  kept: KeptCount | null,
): OutcomeRow[] {
  const row = (
    name: string,
    term: DefinitionKey | null,
    as: OutcomeRow["as"],
    values: readonly [embeddings: number | null, before: number | null, now: number | null],
    drawn = false,
  ): OutcomeRow => ({ name, term, as, embeddings: values[0], before: values[1], now: values[2], drawn });
  // The analysis searched as many images as there are, up to its own limit: its numbers serve where the embeddings are not here.
  const embedded = ofEmbeddings ?? (analysis?.images === searched.images ? analysis : null);
  const recalls = (["textToImage", "imageToText"] as const).flatMap((way) =>
    ranks.map((k) => {
      const at = `at${k}` as const;
      const name = way === "textToImage" ? "caption → picture" : "picture → caption";
      return row(
        `recall@${k}, ${name}`,
        "recall",
        "share",
        [embedded?.[way]?.[at] ?? null, before.recall?.[way][at] ?? null, now?.recall?.[way][at] ?? null],
        true,
      );
    }),
  );
  // They differ where centring is per modality.
  const separate = Math.abs(before.gap - before.gapOfConcepts) > 1e-6 * before.gap;
  const r2 = (name: string, of: "all" | "image" | "text"): OutcomeRow =>
    row(name, "r2", "number", [null, before.r2?.[of] ?? null, now?.r2?.[of] ?? null]);
  return [
    row(
      "modality gap",
      "modalityGap",
      "number",
      [meansOfAll ? (analysis?.gap ?? null) : null, before.gap, now?.gap ?? null],
      true,
    ),
    ...(separate
      ? [
          row(
            "modality gap without biases",
            "modalityGap",
            "number",
            [null, before.gapOfConcepts, now?.gapOfConcepts ?? null],
            true,
          ),
        ]
      : []),
    ...recalls,
    r2("R² of the searched rows", "all"),
    ...(before.r2 === null ? [] : [r2("R² of the pictures", "image"), r2("R² of the captions", "text")]),
    row("share of the reconstruction", "keptReconstruction", "share", [null, 1, now?.kept ?? null]),
    row("concepts that are on", null, "count", [null, kept?.living ?? null, kept?.concepts ?? null]),
    row("energy that is on", "energy", "share", [null, 1, kept?.energyShare ?? null]),
  ];
}
