/** Token numbers of a text as the reference has them, from the files that Hugging Face keeps beside a model. */
import { Tokenizer } from "@huggingface/tokenizers";
import { badInput } from "../base/errors.ts";
import type { TextDescription } from "./description.ts";

export interface TokenizerFiles {
  /** Text of tokenizer.json. */
  readonly tokenizer: string;
  /** Text of tokenizer_config.json, null where there is none. */
  readonly config: string | null;
}

/** What is used of the library, whose own types do not resolve under "nodenext". */
interface TextTokenizer {
  encode(text: string, options?: { add_special_tokens: boolean }): { readonly ids: readonly number[] };
}

/** Cuts to the context length, keeps the tokens at the end, does not pad. */
export type TokenNumbers = (text: string) => Int32Array;

export function createTokenizer(text: TextDescription, files: TokenizerFiles): TokenNumbers {
  const tokenizer = openTokenizer(text, files);
  const special = specialTokens(tokenizer, text);
  const room = text.contextLength - special.before.length - special.after.length;
  return (caption) => {
    const content = tokenizer.encode(caption, { add_special_tokens: false }).ids;
    return Int32Array.from([...special.before, ...content.slice(0, room), ...special.after]);
  };
}

function openTokenizer(text: TextDescription, files: TokenizerFiles): TextTokenizer {
  try {
    const definition = parseObject(files.tokenizer);
    const added = canonicalNormalizers[text.canonicalize];
    if (added.length > 0) {
      const own = definition["normalizer"];
      definition["normalizer"] = {
        type: "Sequence",
        normalizers: own === null ? added : [...added, own],
      };
    }
    return new Tokenizer(definition, files.config === null ? {} : parseObject(files.config));
  } catch (error) {
    throw badInput(
      `${text.tokenizer} is no tokenizer that can be read (${error instanceof Error ? error.message : String(error)}); expected a tokenizer.json of Hugging Face`,
      error,
    );
  }
}

function parseObject(text: string): Record<string, unknown> {
  const value: unknown = JSON.parse(text);
  if (typeof value !== "object" || value === null) throw new Error("it is no JSON object");
  return value as Record<string, unknown>;
}

const lowercase = { type: "Lowercase" };
const canonicalNormalizers: Record<TextDescription["canonicalize"], readonly object[]> = {
  none: [],
  lowercase: [lowercase],
  siglip: [
    lowercase,
    { type: "Replace", pattern: { Regex: "[!-/:-@\\[-`{-~]" }, content: "" },
    { type: "Replace", pattern: { Regex: "\\s+" }, content: " " },
    { type: "Strip", strip_left: true, strip_right: true },
  ],
};

interface SpecialTokens {
  readonly before: readonly number[];
  readonly after: readonly number[];
}

/** What the tokenizer puts around every text. */
function specialTokens(tokenizer: TextTokenizer, text: TextDescription): SpecialTokens {
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
