/** Places in the principal plane, where the analysis wrote them. */
import type { PrincipalPlaces } from "../map/planes.ts";
import type { OpenDictionary } from "./explorer-store.ts";
import { valueOf } from "./loadable.ts";

export function hasPrincipalPlaces({ tables }: OpenDictionary): boolean {
  return tables.numericColumns.includes("pcaX") && tables.numericColumns.includes("pcaY");
}

/** Null while they are being read, and where there are none. Subscribes to their arrival. */
export function principalPlaces(opened: OpenDictionary): PrincipalPlaces | null {
  const { tables, principalVariance } = opened;
  if (!hasPrincipalPlaces(opened) || !tables.hasColumns(["pcaX", "pcaY"])) return null;
  const { pcaX, pcaY } = tables.concepts;
  return { x: pcaX, y: pcaY, explained: valueOf(principalVariance()) };
}
