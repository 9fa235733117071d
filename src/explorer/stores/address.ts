/**
 * What the address bar holds, and its text: `#/map?dictionary=a&concept=12&q=dog&sort=-energy`.
 * Whatever is not said is at its default, so that addresses stay short; nonsense is ignored.
 */
import type { ConceptColumn } from "../data/concept-columns.ts";
import { defaultSort, noFilter, type ConceptFilter, type ConceptSort } from "./concept-selection.ts";

export type View = "map" | "concepts" | "concept";

export interface Address {
  view: View;
  /** Null: the study's first analysed dictionary. */
  dictionary: string | null;
  /** The selected concept. */
  concept: number | null;
  filter: ConceptFilter;
  sort: ConceptSort;
}

const sortable = [
  "concept",
  "energy",
  "frequency",
  "imageFrequency",
  "textFrequency",
  "modalityScore",
  "maximum",
  "monosemanticity",
  "bridgeCount",
] as const satisfies readonly ConceptColumn[];

export function formatAddress(address: Address): string {
  const { filter, sort } = address;
  const query = new URLSearchParams();
  if (address.dictionary !== null) query.set("dictionary", address.dictionary);
  if (address.concept !== null && address.view !== "concept") query.set("concept", String(address.concept));
  if (filter.text !== "") query.set("q", filter.text);
  if (filter.modality[0] > 0 || filter.modality[1] < 1) query.set("modality", filter.modality.join("~"));
  if (filter.energy > 0) query.set("energy", String(filter.energy));
  if (filter.dead) query.set("dead", "shown");
  if (sort.column !== defaultSort.column || sort.descending !== defaultSort.descending) {
    query.set("sort", (sort.descending ? "-" : "") + sort.column);
  }
  const path = address.view === "concept" ? `concept/${address.concept ?? 0}` : address.view;
  const text = query.toString();
  return `#/${path}${text === "" ? "" : `?${text}`}`;
}

export function parseAddress(hash: string): Address {
  const [path = "", search = ""] = hash.replace(/^#\/?/, "").split("?", 2);
  const query = new URLSearchParams(search);
  const [name = "", number] = path.split("/");
  const inPath = wholeNumber(number);
  const view: View =
    name === "concepts" ? "concepts" : name === "concept" && inPath !== null ? "concept" : "map";
  return {
    view,
    dictionary: query.get("dictionary"),
    concept: view === "concept" ? inPath : wholeNumber(query.get("concept")),
    filter: {
      text: query.get("q") ?? "",
      modality: parseModality(query.get("modality")),
      energy: Math.max(0, finite(query.get("energy")) ?? 0),
      dead: query.get("dead") === "shown",
    },
    sort: parseSort(query.get("sort")),
  };
}

function parseModality(text: string | null): readonly [number, number] {
  const [least, greatest] = (text ?? "").split("~").map((part) => finite(part));
  if (typeof least !== "number" || typeof greatest !== "number") return noFilter.modality;
  return least >= 0 && least <= greatest && greatest <= 1 ? [least, greatest] : noFilter.modality;
}

function parseSort(text: string | null): ConceptSort {
  const column = sortable.find((name) => name === text?.replace(/^-/, ""));
  return column === undefined ? defaultSort : { column, descending: text!.startsWith("-") };
}

function wholeNumber(text: string | null | undefined): number | null {
  return text !== null && text !== undefined && /^\d{1,9}$/.test(text) ? Number(text) : null;
}

function finite(text: string | null): number | null {
  if (text === null || text.trim() === "") return null;
  const value = Number(text);
  return Number.isFinite(value) ? value : null;
}
