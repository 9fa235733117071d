/** How many image and text rows a mixture takes: exactly its ratio, to the nearest row. */
import type { Modality } from "../../base/rows.ts";
import { badUsage } from "../../base/errors.ts";

export type Counts = Readonly<Record<Modality, number>>;

/** "75:25" → image weight 75, text weight 25. */
export function parseMixture(given: string): Counts {
  const match = /^(\d+(?:\.\d+)?):(\d+(?:\.\d+)?)$/.exec(given.trim());
  const image = Number(match?.[1]);
  const text = Number(match?.[2]);
  if (!(image + text > 0)) {
    throw badUsage(`mixture is "${given}"; expected image:text weights such as 75:25`);
  }
  return { image, text };
}

/** Rows of each modality among `total`. */
export function countsOf(total: number, mixture: Counts): Counts {
  const image = Math.round((mixture.image / (mixture.image + mixture.text)) * total);
  return { image, text: total - image };
}

/** The largest total whose exact share of each modality is there: what is drawn where no total is asked for. */
export function largestTotal(available: Counts, mixture: Counts): number {
  const weight = mixture.image + mixture.text;
  // The ratio of no rows to no rows.
  if (weight === 0) return 0;
  const bound = (modality: Modality): number =>
    mixture[modality] === 0 ? Infinity : (available[modality] * weight) / mixture[modality];
  let total = Math.floor(Math.min(bound("image"), bound("text")));
  while (!fits(total, available, mixture)) total--;
  return total;
}

/** The largest total whose share of each modality, to the nearest row, is there: it may be asked for. */
export function largestRoundedTotal(available: Counts, mixture: Counts): number {
  let total = largestTotal(available, mixture);
  while (fits(total + 1, available, mixture)) total++;
  return total;
}

function fits(total: number, available: Counts, mixture: Counts): boolean {
  const { image, text } = countsOf(total, mixture);
  return image <= available.image && text <= available.text;
}

/** Rows of each modality of a draw: at the mixture's ratio, or at the one there is. */
export function drawnCounts(available: Counts, mixture: Counts | null, rows: number | null): Counts {
  if (mixture === null && rows === null) return available;
  const ratio = mixture ?? available;
  const total = rows ?? largestTotal(available, ratio);
  if (!fits(total, available, ratio)) {
    const how = mixture ? `mixture ${mixture.image}:${mixture.text} of ` : "";
    throw badUsage(
      `rows is ${total}; ${how}${available.image} image and ${available.text} text rows give at most ${largestRoundedTotal(available, ratio)}`,
    );
  }
  return countsOf(total, ratio);
}
