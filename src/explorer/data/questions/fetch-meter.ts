/** Adds up what has come of all that is fetched for one answer, and tells it. */
import type { Progress } from "../../../base/progress.ts";

export interface FetchMeter {
  /** So many bytes more are on their way. */
  readonly need: (bytes: number) => void;
  /** So many of them have come. */
  readonly heard: (bytes: number) => void;
}

export function fetchMeter(tell: Progress): FetchMeter {
  let [done, total] = [0, 0];
  const report = (): void => tell({ stage: "download", done: Math.min(done, total), total, unit: "bytes" });
  return {
    need(bytes) {
      total += bytes;
      report();
    },
    heard(bytes) {
      done += bytes;
      report();
    },
  };
}
