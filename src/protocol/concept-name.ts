/** What a reader may call a concept: one line of text. */

/** UTF-16 units. */
export const longestName = 200;

/** Line breaks, tabs and other control characters become spaces, and those at the ends go. */
export function tidyName(text: string): string {
  return text.replace(/[\p{Cc}\p{Zl}\p{Zp}\s]+/gu, " ").trim();
}
