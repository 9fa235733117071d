/** Names of files may hold anything; nothing of it reaches a terminal or a one-line message but what can be seen. */

export function shownName(name: string): string {
  return plainText(name, 60);
}

/** Control characters, and those that turn the direction of what follows, become �; at most so many characters. */
export function plainText(text: string, most: number): string {
  const plain = text.replaceAll(/[\p{Cc}\u061C\u200E\u200F\u2028-\u202E\u2066-\u2069]/gu, "�");
  const characters = Array.from(plain);
  return characters.length <= most ? plain : `${characters.slice(0, most - 1).join("")}…`;
}
