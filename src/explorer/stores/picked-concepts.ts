/**
 * Concepts that the reader picked, one by one or many at once, to look at or take away together. The
 * address says which while they are few; more are kept by this browser for as long as its window is
 * open, and the address says under which key.
 */
import { computed, type ReadonlySignal } from "@preact/signals";
import type { Field } from "./address-field.ts";

/** Ascending numbers, or the key of a set that the browser keeps. */
export type Picked = readonly number[] | string;

/** The most that the address says itself. */
export const mostInAddress = 50;

export const pickedField: Field<Picked> = {
  keys: ["pick"],
  initial: [],
  write(picked, query) {
    if (typeof picked === "string") query.set("pick", `kept-${picked}`);
    else if (picked.length > 0) query.set("pick", picked.join("."));
  },
  read(query) {
    const text = query.get("pick") ?? "";
    const kept = /^kept-([0-9a-f]{8})$/.exec(text)?.[1];
    if (kept !== undefined) return kept;
    return /^\d{1,9}(\.\d{1,9})*$/.test(text) ? ascending(text.split(".").map(Number)) : [];
  },
};

/** What a browser keeps while its window is open, handed in. */
export interface SessionMemory {
  read(key: string): string | null;
  write(key: string, text: string): void;
}

export interface PickedConcepts {
  /** Ascending. */
  readonly concepts: ReadonlySignal<readonly number[]>;
  /** The address names a set that this browser does not have. */
  readonly lost: ReadonlySignal<boolean>;
  /** Whether the address says which they are, so that it can be shared. */
  readonly shared: ReadonlySignal<boolean>;
  /** Subscribes. */
  has(concept: number): boolean;
  toggle(concept: number): void;
  add(concepts: Iterable<number>): void;
  remove(concepts: Iterable<number>): void;
  clear(): void;
}

interface PickedPlace {
  readonly picked: ReadonlySignal<Picked>;
  write(picked: Picked): void;
}

export function createPickedConcepts(place: PickedPlace, memory: SessionMemory): PickedConcepts {
  const found = computed(() => {
    const { value } = place.picked;
    return typeof value === "string" ? kept(memory, value) : value;
  });
  const concepts = computed(() => found.value ?? []);
  const set = computed(() => new Set(concepts.value));
  const put = (next: Iterable<number>): void => {
    const sorted = ascending(next);
    if (sorted.length <= mostInAddress) return place.write(sorted);
    const text = sorted.join(".");
    const key = keyOf(text);
    memory.write(memoryKey(key), text);
    place.write(key);
  };
  return {
    concepts,
    lost: computed(() => found.value === null),
    shared: computed(() => typeof place.picked.value !== "string"),
    has: (concept) => set.value.has(concept),
    toggle(concept) {
      const next = new Set(set.peek());
      if (!next.delete(concept)) next.add(concept);
      put(next);
    },
    add: (more) => put([...set.peek(), ...more]),
    remove(these) {
      const next = new Set(set.peek());
      for (const concept of these) next.delete(concept);
      put(next);
    },
    clear: () => place.write([]),
  };
}

function memoryKey(key: string): string {
  return `viaduct.pick.${key}`;
}

function kept(memory: SessionMemory, key: string): readonly number[] | null {
  const text = memory.read(memoryKey(key));
  return text === null || keyOf(text) !== key ? null : text.split(".").map(Number);
}

function ascending(concepts: Iterable<number>): number[] {
  return [...new Set(concepts)].sort((a, b) => a - b);
}

/** FNV-1a of 32 bits, as eight hexadecimal digits. */
function keyOf(text: string): string {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193) >>> 0;
  return hash.toString(16).padStart(8, "0");
}
