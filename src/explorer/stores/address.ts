/**
 * What the address bar holds, and its text:
 * `#/map?dictionary=a&concept=12&q=dog&sort=-energy&at=3.1~-0.2~4`.
 * Whatever is not said is at its default, so that addresses stay short; nonsense is ignored.
 */
import type { ConceptColumn } from "../data/concept-columns.ts";
import type { Band } from "../../protocol/analysis-tables.ts";
import { rounded, type Camera } from "../map/camera.ts";
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
  /** What part of the map is in view; null: all of it. */
  camera: Camera | null;
  /** Which part of a concept's range its page shows. */
  band: Band;
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
  "bridges",
] as const satisfies readonly ConceptColumn[];

const bands = ["top", "middle", "low"] as const satisfies readonly Band[];

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
  if (address.band !== "top") query.set("band", address.band);
  if (address.camera !== null) query.set("at", formatCamera(address.camera));
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
    camera: parseCamera(query.get("at")),
    band: bands.find((band) => band === query.get("band")) ?? "top",
  };
}

function formatCamera(camera: Camera): string {
  const { x, y, zoom } = rounded(camera);
  return [x, y, zoom].join("~");
}

function parseCamera(text: string | null): Camera | null {
  const [x, y, zoom] = (text ?? "").split("~").map((part) => finite(part));
  if (typeof x !== "number" || typeof y !== "number" || typeof zoom !== "number") return null;
  return zoom > 0 ? { x, y, zoom } : null;
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
