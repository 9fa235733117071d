/** How much of the atoms' variance lies along the principal plane, as metrics.json says. */
import { studyLayout } from "../../protocol/study-layout.ts";
import type { DataSource } from "./data-source.ts";

/** Null when the analysis does not say. */
export async function readPrincipalVariance(
  source: DataSource,
  name: string,
): Promise<readonly [number, number] | null> {
  const metrics = (await source.json(`study/${studyLayout.dictionary(name).analysis.metrics}`)) as {
    map?: { principalVariance?: unknown };
  };
  const shares: unknown = metrics.map?.principalVariance;
  if (!Array.isArray(shares) || shares.length !== 2) return null;
  const [first, second] = shares as unknown[];
  return typeof first === "number" && typeof second === "number" ? [first, second] : null;
}
