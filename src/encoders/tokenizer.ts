/** Token numbers of a text as the reference has them, from the files that Hugging Face keeps beside a model. */
import { badInput } from "../base/errors.ts";
import type { TextDescription } from "./description.ts";
import { siglipTokens } from "./siglip-text.ts";
import { openTokenizer, type OpenTokenizer, type TokenizerFiles } from "./tokenizer-file.ts";

/** Cuts to the context length, keeps the tokens at the end, does not pad. */
export type TokenNumbers = (text: string) => Int32Array;

export function createTokenizer(text: TextDescription, files: TokenizerFiles): TokenNumbers {
  const lowercase = text.canonicalize === "lowercase" ? [{ type: "Lowercase" }] : [];
  const tokenizer = openTokenizer(text.tokenizer, files, lowercase);
  const content =
    text.canonicalize === "siglip"
      ? (caption: string) => siglipTokens(tokenizer, caption)
      : (caption: string) => tokenizer.encode(caption, { add_special_tokens: false }).ids;
  const { before, after } = specialTokens(tokenizer, text);
  const room = text.contextLength - before.length - after.length;
  if (room < 1) {
    throw badInput(
      `text.contextLength is ${text.contextLength}, and ${text.tokenizer} puts ${before.length + after.length} tokens around every text; expected room for at least one more`,
    );
  }
  return (caption) => Int32Array.from([...before, ...content(caption).slice(0, room), ...after]);
}

interface SpecialTokens {
  readonly before: readonly number[];
  readonly after: readonly number[];
}

/** What the tokenizer puts around every text. */
function specialTokens(tokenizer: OpenTokenizer, text: TextDescription): SpecialTokens {
  const probe = "a";
  const content = tokenizer.encode(probe, { add_special_tokens: false }).ids;
  const whole = tokenizer.encode(probe).ids;
  const added = whole.length - content.length;
  for (let at = 0; at <= added; at++) {
    if (content.every((token, i) => token === whole[at + i])) {
      return { before: whole.slice(0, at), after: whole.slice(at + content.length) };
    }
  }
  throw badInput(
    `${text.tokenizer} changes texts when it adds its special tokens (${content.join(" ")} became ${whole.join(" ")}); expected tokens around the text`,
  );
}
