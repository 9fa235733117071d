/**
 * The character map of a sentencepiece model (`precompiled_charsmap`): a double-array trie over UTF-8
 * bytes with the replacement of every known sequence, applied longest match first.
 */
import { badInput } from "../base/errors.ts";

export type CharacterMap = (text: string) => string;

/** From the base64 text of a tokenizer.json; an empty map changes nothing. */
export function createCharacterMap(base64: string): CharacterMap {
  const blob = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
  if (blob.length < 4) return (text) => text;
  const view = new DataView(blob.buffer);
  const trieBytes = view.getUint32(0, true);
  if (trieBytes % 4 !== 0 || 4 + trieBytes > blob.length) {
    throw badInput(
      `the character map of the tokenizer is damaged: ${blob.length} bytes with a trie of ${trieBytes}`,
    );
  }
  const units = new Uint32Array(trieBytes / 4);
  for (let i = 0; i < units.length; i++) units[i] = view.getUint32(4 + i * 4, true);
  const replacements = blob.subarray(4 + trieBytes);
  const encoder = new TextEncoder();
  const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
  return (text) => {
    const bytes = encoder.encode(text);
    const out: number[] = [];
    for (let at = 0; at < bytes.length;) {
      const match = longestMatch(units, bytes, at);
      if (match) {
        for (let i = match.value; replacements[i] > 0; i++) out.push(replacements[i]);
        at += match.length;
      } else {
        const length = characterLength(bytes[at]);
        for (let i = 0; i < length; i++) out.push(bytes[at + i]);
        at += length;
      }
    }
    return decoder.decode(Uint8Array.from(out));
  };
}

/** One walk down the trie; the layout of a unit is that of darts-clone. */
function longestMatch(
  units: Uint32Array,
  bytes: Uint8Array,
  from: number,
): { value: number; length: number } | null {
  let best: { value: number; length: number } | null = null;
  let node = offset(units[0]);
  for (let at = from; at < bytes.length; at++) {
    node ^= bytes[at];
    const unit = units[node];
    if (unit === undefined || (unit & 0x800000ff) >>> 0 !== bytes[at]) break;
    node ^= offset(unit);
    if ((unit >>> 8) & 1) best = { value: units[node] & 0x7fffffff, length: at - from + 1 };
  }
  return best;
}

function offset(unit: number): number {
  return (unit >>> 10) << ((unit & 0x200) >>> 6);
}

function characterLength(first: number): number {
  if (first < 0x80) return 1;
  if (first < 0xe0) return 2;
  return first < 0xf0 ? 3 : 4;
}
