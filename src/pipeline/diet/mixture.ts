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

/** The largest total whose share of each modality is there. */
export function largestTotal(available: Counts, mixture: Counts): number {
  const fits = (total: number): boolean => {
    const { image, text } = countsOf(total, mixture);
    return image <= available.image && text <= available.text;
  };
  const weight = mixture.image + mixture.text;
  const bound = (modality: Modality): number =>
    mixture[modality] === 0 ? Infinity : (available[modality] * weight) / mixture[modality];
  let total = Math.floor(Math.min(bound("image"), bound("text")));
  while (!fits(total)) total--;
  return total;
}

/** Rows of each modality of a draw: at the mixture's ratio, or at the one there is. */
export function drawnCounts(available: Counts, mixture: Counts | null, rows: number | null): Counts {
  const ratio = mixture ?? available;
  const most = largestTotal(available, ratio);
  const total = rows ?? most;
  if (total > most) {
    const how = mixture ? `mixture ${mixture.image}:${mixture.text} of ` : "";
    throw badUsage(
      `rows is ${total}; ${how}${available.image} image and ${available.text} text rows give at most ${most}`,
    );
  }
  return countsOf(total, ratio);
}
