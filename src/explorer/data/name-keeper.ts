/** Where the names that a reader gives to concepts are kept: in the study, or in this browser. */
import { ViaductError } from "../../base/errors.ts";
import type { Fetch } from "./http-source.ts";

export interface NameKeeper {
  readonly where: "study" | "browser";
  /** Names by concept that the study's own file does not have; an empty one takes that of the file away. */
  read(dictionary: string): ReadonlyMap<number, string>;
  /** An empty name takes it away. */
  keep(dictionary: string, concept: number, name: string): Promise<void>;
}

/** Asks the explorer's server to write it into the study; `base` as of `httpSource`. */
export function serverNames(base: string, fetch: Fetch): NameKeeper {
  return {
    where: "study",
    read: () => new Map(),
    async keep(dictionary, concept, name) {
      const address = `${base}names/${encodeURIComponent(dictionary)}/${concept}`;
      const response = await fetch(address, {
        method: "PUT",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ name }),
      }).catch((cause: unknown) => {
        throw new ViaductError("bad-input", "the explorer's server does not answer: is it still running?", {
          cause,
        });
      });
      if (response.ok) return;
      const isText = response.headers.get("content-type")?.startsWith("text/plain") ?? false;
      const reason = isText ? (await response.text()).trim() : `status ${response.status}`;
      throw new ViaductError("bad-input", `the name was not kept: ${reason}`);
    },
  };
}

/** For static exports; `study` tells them apart that come from the same host. */
export function browserNames(storage: Pick<Storage, "getItem" | "setItem">, study: string): NameKeeper {
  const keyOf = (dictionary: string): string => `viaduct.names.${study}.${dictionary}`;
  const read = (dictionary: string): Map<number, string> => {
    const kept = parsed(storage.getItem(keyOf(dictionary)));
    const names = Object.entries(kept).filter(
      (entry): entry is [string, string] => /^\d+$/.test(entry[0]) && typeof entry[1] === "string",
    );
    return new Map(names.map(([concept, name]) => [Number(concept), name]));
  };
  return {
    where: "browser",
    read,
    async keep(dictionary, concept, name) {
      const names = read(dictionary).set(concept, name);
      try {
        storage.setItem(keyOf(dictionary), JSON.stringify(Object.fromEntries(names)));
      } catch (cause) {
        throw new ViaductError("bad-input", "the name was not kept: this browser stores nothing more here", {
          cause,
        });
      }
    },
  };
}

function parsed(text: string | null): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text ?? "{}");
    return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}
