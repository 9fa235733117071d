/** Texts as they are compared: without case and without marks on letters. */

export function folded(text: string): string {
  // Most captions are plain, and normalising takes ten times as long.
  if (/^[\t\n\r -~]*$/.test(text)) return text.toLowerCase();
  return text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
}

/** The words of a query, folded. */
export function queryWords(text: string): string[] {
  return folded(text).split(/\s+/).filter(Boolean);
}

/** Whether all words are somewhere in the text. */
export function hasAll(text: string, words: readonly string[]): boolean {
  return words.every((word) => text.includes(word));
}
