/** A text in which the words that were looked for stand out, where they are written alike. */
import type { JSX } from "preact";

export function Marked({ text, words }: { text: string; words: string }): JSX.Element {
  const wanted = words.split(/\s+/).filter(Boolean);
  if (wanted.length === 0) return <>{text}</>;
  const pattern = new RegExp(`(${wanted.map(escaped).join("|")})`, "giu");
  return <>{text.split(pattern).map((part, i) => (i % 2 === 1 ? <mark key={i}>{part}</mark> : part))}</>;
}

function escaped(word: string): string {
  return word.replace(/[$()*+.?[\\\]^{|}/]/g, "\\$&");
}
