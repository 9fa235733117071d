/**
 * The text preparation of SigLIP as `SiglipTokenizer` of transformers has it: special tokens are cut out
 * first, the rest is lower-cased, loses ASCII punctuation and superfluous spaces, and goes through the
 * model's character map and unigram model; only the start of the text is the start of a word.
 */
import type { OpenTokenizer } from "./tokenizer-file.ts";

const wordStart = "▁";
const specialTokens = /(<\/s>|<unk>)/;
const asciiPunctuation = /[!-/:-@[-`{-~]/g;
/** White space as Python's `\s` has it. */
// oxlint-disable-next-line no-control-regex -- the separators of ASCII are white space there
const whiteSpace = /[\t-\r\x1c-\x20\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+/g;

/** Token numbers of a text, without those around it. */
export function siglipTokens(tokenizer: OpenTokenizer, text: string): number[] {
  const marked = wordStart + text.replaceAll(wordStart, " ");
  return marked.split(specialTokens).flatMap((section) => {
    if (specialTokens.test(section)) return [tokenizer.tokenNumber(section)];
    const piece = siglipPiece(section, tokenizer);
    return piece === "" ? [] : tokenizer.modelTokens(piece);
  });
}

function siglipPiece(section: string, tokenizer: OpenTokenizer): string {
  const canonical = section
    .toLowerCase()
    .replaceAll(asciiPunctuation, "")
    .replaceAll(whiteSpace, " ")
    .replaceAll(/^ | $/g, "");
  return tokenizer
    .characterMap(canonical)
    .replaceAll(/ {2,}/g, " ")
    .replaceAll(" ", wordStart)
    .replace(/▁+$/, "");
}
