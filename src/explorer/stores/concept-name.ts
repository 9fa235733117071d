/**
 * What a concept is called: the name that it was given or learned with, else what captions of its rows
 * say more often than others, else the words of what activates it most.
 */
import type { ConceptLabel } from "./label-store.ts";

export interface ConceptName {
  text: string;
  /** Where the words come from; `none`: there are none, and the text says why. */
  from: "given" | "words" | "caption" | "picture" | "file" | "none";
}

/** `label` undefined: not read yet; without a `given` name the text is then empty. */
export function conceptName(
  label: ConceptLabel | undefined,
  dead: boolean,
  given: string | null = null,
): ConceptName {
  if (hasWords(given)) return { text: dead ? `${given} (never active)` : given!, from: "given" };
  if (dead) return { text: "never active", from: "none" };
  if (label === undefined) return { text: "", from: "none" };
  const { image, text, words } = label;
  if (hasWords(words)) return { text: words!, from: "words" };
  if (hasWords(text?.caption)) return { text: text!.caption!, from: "caption" };
  if (hasWords(image?.caption)) return { text: image!.caption!, from: "picture" };
  const file = fileName(image?.file ?? null);
  if (file !== null) return { text: file, from: "file" };
  if (label.unreadable) return { text: "its captions and files cannot be read", from: "none" };
  return { text: "no caption or file name to call it by", from: "none" };
}

function hasWords(text: string | null | undefined): boolean {
  return typeof text === "string" && text.trim() !== "";
}

/** The last part of a path or address. */
export function fileName(file: string | null): string | null {
  return file === null || file === "" ? null : (file.split(/[\\/]/).findLast((part) => part !== "") ?? file);
}
