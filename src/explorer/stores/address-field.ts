/** One piece of state and how the address says it. Views declare theirs; address.ts puts them together. */

export interface Field<T> {
  /** The query keys that it writes and reads. */
  readonly keys: readonly string[];
  /** What holds while the address says nothing, so that addresses stay short. */
  readonly initial: T;
  write(value: T, query: URLSearchParams): void;
  /** `initial` where the query says nothing, or nonsense. */
  read(query: URLSearchParams): T;
}

export type Fields<T> = { readonly [Name in keyof T]: Field<T[Name]> };

/** A field under one key; `parse` gives null for nonsense. */
export function field<T>(
  key: string,
  initial: T,
  parse: (text: string) => T | null,
  format: (value: T) => string,
): Field<T> {
  return {
    keys: [key],
    initial,
    write(value, query) {
      const text = format(value);
      if (text !== format(initial)) query.set(key, text);
    },
    read(query) {
      const text = query.get(key);
      return text === null ? initial : (parse(text) ?? initial);
    },
  };
}

/** Free text, empty by default. */
export function words(key: string): Field<string> {
  return field(
    key,
    "",
    (text) => text,
    (text) => text,
  );
}

/** A name, or null when none is given. */
export function name(key: string): Field<string | null> {
  return field<string | null>(
    key,
    null,
    (text) => (text === "" ? null : text),
    (text) => text ?? "",
  );
}

/** A whole number from 0 on, or null when none is given. */
export function index(key: string): Field<number | null> {
  return field<number | null>(key, null, wholeNumber, (value) => (value === null ? "" : String(value)));
}

/** A least and a greatest value, both from 0 on; all by default. A single number is the least. */
export function spanFromZero(key: string): Field<readonly [number, number]> {
  return field<readonly [number, number]>(
    key,
    [0, Infinity],
    (text) => {
      const [from = "", to = ""] = text.split("~");
      const low = from === "" ? 0 : finite(from);
      const high = to === "" ? Infinity : finite(to);
      return low === null || high === null || low < 0 || low > high ? null : [low, high];
    },
    ([low, high]) => {
      if (high === Infinity) return String(low);
      return `${low > 0 ? low : ""}~${high}`;
    },
  );
}

/** A number from 0 on, 0 by default. */
export function atLeast(key: string): Field<number> {
  return field(
    key,
    0,
    (text) => Math.max(0, finite(text) ?? 0),
    (value) => String(value),
  );
}

/** A number from 0 to 1. */
export function share(key: string, initial: number): Field<number> {
  return field(
    key,
    initial,
    (text) => {
      const value = finite(text);
      return value === null || value < 0 || value > 1 ? null : value;
    },
    (value) => String(value),
  );
}

/** Yes when the key says `word`. */
export function flag(key: string, word: string): Field<boolean> {
  return field(
    key,
    false,
    (text) => text === word,
    (value) => (value ? word : ""),
  );
}

/** One of `values`; the first is the default. */
export function oneOf<const T extends string>(key: string, values: readonly [T, ...T[]]): Field<T> {
  return field<T>(
    key,
    values[0],
    (text) => values.find((value) => value === text) ?? null,
    (value) => value,
  );
}

/** A least and a greatest value within `[least, greatest]`, all of it by default. */
export function span(
  key: string,
  [least, greatest]: readonly [number, number],
): Field<readonly [number, number]> {
  return field<readonly [number, number]>(
    key,
    [least, greatest],
    (text) => {
      const [low = null, high = null] = text.split("~").map(finite);
      if (low === null || high === null) return null;
      return low >= least && low <= high && high <= greatest ? [low, high] : null;
    },
    (value) => value.join("~"),
  );
}

/** Digits only: a row, a concept. */
export function wholeNumber(text: string | null | undefined): number | null {
  return text !== null && text !== undefined && /^\d{1,9}$/.test(text) ? Number(text) : null;
}

export function finite(text: string): number | null {
  if (text.trim() === "") return null;
  const value = Number(text);
  return Number.isFinite(value) ? value : null;
}
