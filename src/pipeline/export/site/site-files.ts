/** Which files of a study and of its set a static export holds: those that the explorer reads. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import type { SitePart } from "../../../protocol/site.ts";
import { setLayout, studyLayout } from "../../../protocol/study-layout.ts";

export interface SiteFile {
  readonly part: SitePart;
  /** Whose file it is, and its path there. */
  readonly of: "study" | "set";
  readonly path: string;
}

/**
 * Embeddings, weights (the atoms are in site-vectors.ts), and what only training and `paper` need stay behind, and so does every
 * co-active pair of concepts (bridges.safetensors), of which the tables hold those worth showing.
 */
export function siteFiles(
  folders: { readonly study: string; readonly set: string },
  dictionaries: readonly string[],
): SiteFile[] {
  const files: SiteFile[] = [];
  const add = (part: SitePart, of: "study" | "set", ...paths: readonly string[]): void => {
    for (const path of paths) if (existsSync(join(folders[of], path))) files.push({ part, of, path });
  };
  for (const name of dictionaries) {
    const layout = studyLayout.dictionary(name);
    const { metrics, concepts, examples, bridges, bridgesByText, neighbours, words, histograms, codes } =
      layout.analysis;
    const { strongestBridges } = layout.analysis;
    add(
      "tables",
      "study",
      metrics,
      concepts,
      examples,
      bridges,
      bridgesByText,
      strongestBridges,
      neighbours,
      words,
      histograms,
    );
    add("codes", "study", codes);
    add("tables", "study", layout.names, studyLayout.givenNames(name), layout.history, layout.matches);
    for (const other of dictionaries) {
      add("tables", "study", layout.stability.matches(other), layout.stability.record(other));
    }
  }
  add("items", "set", setLayout.imageItems, setLayout.textItems, setLayout.pairs);
  return files;
}
