/**
 * What long work tells the outside while it runs. The library only reports; whether that becomes
 * a bar, JSON lines or nothing is the caller's business, and so is the clock.
 */
export interface ProgressReport {
  /** What is being done, in a few words: "train", "import", "map". */
  readonly stage: string;
  readonly done: number;
  readonly total: number;
  /** What one of `total` is: "steps", "rows", "concepts". */
  readonly unit: string;
  /** Named values worth watching, e.g. { r2, activePerSample, deadFraction }. */
  readonly values?: Readonly<Record<string, number>>;
}

export type Progress = (report: ProgressReport) => void;

export const silent: Progress = () => {};
