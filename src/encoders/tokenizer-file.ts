/**
 * A tokenizer.json opened with `@huggingface/tokenizers`, with the differences to the Rust and Python
 * libraries mended: there the lower case of a sigma does not depend on its place in the word, and the
 * character map of a sentencepiece model is applied as it is, not approximated.
 */
import { Tokenizer } from "@huggingface/tokenizers";
import { badInput } from "../base/errors.ts";
import { createCharacterMap, type CharacterMap } from "./charsmap.ts";

export interface TokenizerFiles {
  /** Text of tokenizer.json. */
  readonly tokenizer: string;
  /** Text of tokenizer_config.json, null where there is none. */
  readonly config: string | null;
}

export interface OpenTokenizer {
  /** Token numbers; with the special tokens around the text unless `add_special_tokens` is false. */
  encode(text: string, options?: { add_special_tokens: boolean }): { readonly ids: readonly number[] };
  /** From one piece of text to token numbers: neither normalised nor split. */
  modelTokens(piece: string): number[];
  /** The number of one token of the vocabulary, that of the unknown token without it. */
  tokenNumber(token: string): number;
  /** The character map of the normaliser, the identity without one. */
  readonly characterMap: CharacterMap;
}

/** What is used of the library; its own types do not resolve under "nodenext". */
interface Model {
  (pieces: readonly string[]): readonly string[];
  readonly tokens_to_ids: ReadonlyMap<string, number>;
  readonly unk_token_id?: number;
}

type Part = Record<string, unknown>;

/** `before` are normalisers to put in front of the file's own; `name` is the file's, for messages. */
export function openTokenizer(
  name: string,
  files: TokenizerFiles,
  before: readonly Part[] = [],
): OpenTokenizer {
  try {
    const definition = parseObject(files.tokenizer);
    const own = definition["normalizer"] as Part | null | undefined;
    const all = own === null || own === undefined ? before : [...before, own];
    definition["normalizer"] = all.length === 0 ? null : mended({ type: "Sequence", normalizers: all });
    const tokenizer = new Tokenizer(definition, files.config === null ? {} : parseObject(files.config));
    const maps = partsOf(tokenizer.normalizer).flatMap(useCharacterMap);
    const model = tokenizer.model as unknown as Model;
    const tokenNumber = (token: string): number => model.tokens_to_ids.get(token) ?? model.unk_token_id ?? 0;
    return {
      encode: (text, options) => tokenizer.encode(text, options) as { ids: number[] },
      modelTokens: (piece) => model([piece]).map(tokenNumber),
      tokenNumber,
      characterMap: (text) => maps.reduce((mapped, map) => map(mapped), text),
    };
  } catch (error) {
    throw badInput(
      `${name} is no tokenizer that can be read (${error instanceof Error ? error.message : String(error)}); expected a tokenizer.json of Hugging Face`,
      error,
    );
  }
}

function parseObject(text: string): Part {
  const value: unknown = JSON.parse(text);
  if (typeof value !== "object" || value === null) throw new Error("it holds no JSON object");
  return value as Part;
}

/** Takes a capital sigma out of JavaScript's hands before it lower-cases. */
function mended(normalizer: Part): Part {
  if (normalizer["type"] === "Lowercase") {
    const sigma = { type: "Replace", pattern: { String: "Σ" }, content: "σ" };
    return { type: "Sequence", normalizers: [sigma, normalizer] };
  }
  if (normalizer["type"] === "Sequence" && Array.isArray(normalizer["normalizers"])) {
    return { ...normalizer, normalizers: normalizer["normalizers"].map((part) => mended(part as Part)) };
  }
  return normalizer;
}

/** A normaliser of the library as it lies in memory. */
interface LiveNormalizer {
  readonly config?: { readonly type?: string; readonly precompiled_charsmap?: string | null };
  readonly normalizers?: readonly (LiveNormalizer | null)[];
  normalize(text: string): string;
}

function partsOf(normalizer: unknown): LiveNormalizer[] {
  if (normalizer === null || normalizer === undefined) return [];
  const part = normalizer as LiveNormalizer;
  return [part, ...(part.normalizers ?? []).flatMap(partsOf)];
}

function useCharacterMap(part: LiveNormalizer): CharacterMap[] {
  if (part.config?.type !== "Precompiled") return [];
  const map = createCharacterMap(part.config.precompiled_charsmap ?? "");
  part.normalize = map;
  return [map];
}
