/**
 * A data diet: which rows of its set a run learns from. Conditions and the file list choose the
 * candidates; of these a share is drawn, and of that a mixture. What is drawn depends on
 * the diet's own seed alone, so that runs of different seeds learn from the same rows, and larger
 * draws contain smaller ones.
 */
import { badUsage } from "../../base/errors.ts";
import { parseMixture, type Counts } from "./mixture.ts";
import { parseCondition, type Condition } from "./where.ts";

/** As a user writes it; numbers may come as text. */
export interface DietSpec {
  /** Ratio of image to text rows: "75:25". */
  readonly mixture?: string;
  /** Rows to draw in all; default: the most that the mixture allows. */
  readonly rows?: number | string;
  /** Conditions on item columns, all of which hold: "source=met", "split!=test", "source=met,coco". */
  readonly where?: readonly string[];
  /** Share of the rows of each modality, drawn at random. */
  readonly share?: number | string;
  /** A file that lists file names of items, one a line. */
  readonly files?: string;
  /** Seed of what is drawn; default 0. */
  readonly drawSeed?: number | string;
}

export interface Diet {
  readonly mixture: Counts | null;
  readonly rows: number | null;
  readonly where: readonly Condition[];
  readonly share: number | null;
  readonly files: string | null;
  readonly drawSeed: number;
}

/** null: all rows. */
export function parseDiet(spec: DietSpec | undefined): Diet | null {
  if (spec === undefined) return null;
  const diet: Diet = {
    mixture: spec.mixture === undefined ? null : parseMixture(spec.mixture),
    rows: spec.rows === undefined ? null : wholeNumber("rows", spec.rows, 1),
    where: (spec.where ?? []).map(parseCondition),
    share: spec.share === undefined ? null : shareOf(spec.share),
    files: spec.files ?? null,
    drawSeed: spec.drawSeed === undefined ? 0 : wholeNumber("drawSeed", spec.drawSeed, 0),
  };
  const { mixture, rows, where, share, files } = diet;
  const all = mixture === null && rows === null && where.length === 0 && share === null && files === null;
  return all ? null : diet;
}

function wholeNumber(name: string, given: number | string, least: number): number {
  const value = String(given).trim() === "" ? NaN : Number(given);
  if (Number.isSafeInteger(value) && value >= least) return value;
  throw badUsage(`${name} is "${given}"; expected a whole number, at least ${least}`);
}

function shareOf(given: number | string): number {
  const value = String(given).trim() === "" ? NaN : Number(given);
  if (value > 0 && value <= 1) return value;
  throw badUsage(`share is "${given}"; expected a number above 0, at most 1`);
}
