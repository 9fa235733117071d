/** Where a browser keeps models that it fetched from the hub. Both parts are for pages of https and of this machine only. */
import type { Fetch } from "./http-source.ts";
import type { HubEffects } from "./questions/hub-file.ts";

const cacheName = "viaduct-models";

export function browserModels(fetch: Fetch): HubEffects {
  return {
    fetch,
    kept: async () => ("caches" in globalThis ? caches.open(cacheName) : null),
    async sha256(bytes) {
      const { subtle } = crypto as Partial<Crypto>;
      if (subtle === undefined) return null;
      const hash = new Uint8Array(await subtle.digest("SHA-256", bytes));
      return Array.from(hash, (byte) => byte.toString(16).padStart(2, "0")).join("");
    },
  };
}
