import { badUsage } from "../../../base/errors.ts";

/** "shard-{00000..00012}.tar" and "{a,b}.tar", as shells and WebDataset write several files. */
export function expandBraces(pattern: string): string[] {
  const found = /\{([^{}]*(?:\.\.|,)[^{}]*)\}/.exec(pattern);
  if (found === null) return [pattern];
  const [whole, inside = ""] = found;
  const range = /^(\d+)\.\.(\d+)$/.exec(inside);
  if (range === null && !inside.includes(",")) return [pattern];
  const before = pattern.slice(0, found.index);
  const after = pattern.slice(found.index + whole.length);
  const parts = range === null ? inside.split(",") : numbers(range[1]!, range[2]!);
  return parts.flatMap((part) => expandBraces(after).map((rest) => `${before}${part}${rest}`));
}

/** Nobody has so many archives; a slip of the keyboard does. */
const most = 1_000_000;

/** Both ends included, as wide as the first one is written. */
function numbers(first: string, last: string): string[] {
  const [from, to] = [Number(first), Number(last)];
  const count = Math.abs(to - from) + 1;
  if (count > most) {
    throw badUsage(`{${first}..${last}} stands for ${count} files; expected at most ${most}`);
  }
  const step = from <= to ? 1 : -1;
  return Array.from({ length: count }, (_, i) => String(from + i * step).padStart(first.length, "0"));
}
