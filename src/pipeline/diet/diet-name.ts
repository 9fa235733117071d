/** The part of a dictionary's name that says what it was fed: "mix75-25-n6851", "source-met", "share0.5". */
import { sha256Of } from "../../platform/node/files/file-list.ts";
import type { DietRecord } from "../../protocol/study.ts";

const longest = 40;

/** Empty without a diet. Different diets have different names: what a name cannot hold goes into a hash. */
export function dietName(diet: DietRecord | null): string {
  if (diet === null) return "";
  const { where, files, share, mixture, rows, drawSeed } = diet;
  let exact = true;
  const plain = (text: string): string => {
    const clean = text.replaceAll(/[^A-Za-z0-9._]+/g, "_");
    if (clean !== text) exact = false;
    return clean;
  };
  const parts = where.map(
    ({ column, values, negated }) =>
      `${plain(column)}-${negated ? "not-" : ""}${values.map(plain).join("-or-")}`,
  );
  if (files !== null) parts.push(`files-${files.sha256.slice(0, 8)}`);
  if (share !== null) parts.push(`share${share}`);
  if (mixture !== null) parts.push(`mix${mixture.image}-${mixture.text}`);
  if (rows !== null) parts.push(`n${rows}`);
  if (drawSeed !== 0) parts.push(`draw${drawSeed}`);
  const name = parts.join("-");
  if (exact && name.length <= longest) return name;
  const identity = JSON.stringify([where, files?.sha256, share, mixture, rows, drawSeed]);
  return `${name.slice(0, longest - 9)}-${sha256Of(identity).slice(0, 8)}`;
}
