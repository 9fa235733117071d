/**
 * A file of a model on the hub: fetched once and kept in the browser, checked where its hash is known, also
 * when it was kept: every page of an origin may write there.
 */
import { ViaductError } from "../../../base/errors.ts";
import type { TowerFile } from "../../../protocol/site-queries.ts";
import type { Fetch } from "../http-source.ts";
import { readWholeBody } from "../read-body.ts";
import type { FetchMeter } from "./fetch-meter.ts";

/** The part of the browser's Cache that is used. */
export interface KeptFiles {
  match(address: string): Promise<Response | undefined>;
  put(address: string, response: Response): Promise<void>;
  delete(address: string): Promise<boolean>;
}

export interface HubEffects {
  readonly fetch: Fetch;
  /** Where files are kept; null where the browser keeps none for this page (no https). */
  readonly kept: () => Promise<KeptFiles | null>;
  /** SHA-256 in lower-case hexadecimal; null where the browser computes none for this page (no https). */
  readonly sha256: (bytes: Uint8Array<ArrayBuffer>) => Promise<string | null>;
}

type HubFile = Extract<TowerFile, { from: "hub" }>;

export async function hubFile(
  file: HubFile,
  effects: HubEffects,
  meter: FetchMeter,
): Promise<Uint8Array<ArrayBuffer>> {
  const { address, bytes, sha256 } = file;
  const kept = await effects.kept().catch(() => null);
  const before = kept === null ? null : await keptFile(kept, file, effects);
  if (before !== null) return before;
  if (bytes !== null) meter.need(bytes);
  const response = await effects
    .fetch(address, { credentials: "omit", referrerPolicy: "no-referrer" })
    .catch((cause: unknown) => {
      throw unreachable(address, cause);
    });
  if (!response.ok) {
    throw new ViaductError("bad-input", `${address} came back with status ${response.status}`);
  }
  const said = Number(response.headers.get("content-length"));
  if (bytes === null && said > 0) meter.need(said);
  const fetched = await readWholeBody(response, meter.heard).catch((cause: unknown) => {
    throw unreachable(address, cause);
  });
  const found = sha256 === null ? null : await effects.sha256(fetched);
  if (found !== null && found !== sha256) {
    throw new ViaductError(
      "bad-input",
      `${address} is not the file that made this study's embeddings: its SHA-256 is ${found.slice(0, 12)}…, expected ${sha256!.slice(0, 12)}…`,
    );
  }
  // A full disk costs the next visit the time, not this one its answer.
  await kept?.put(address, new Response(fetched)).catch(() => {});
  return fetched;
}

/** Null where nothing usable was kept; what is not the file is thrown away. */
async function keptFile(
  kept: KeptFiles,
  { address, bytes, sha256 }: HubFile,
  effects: HubEffects,
): Promise<Uint8Array<ArrayBuffer> | null> {
  try {
    const response = await kept.match(address);
    if (response === undefined) return null;
    const file = new Uint8Array(await response.arrayBuffer());
    const found = sha256 === null ? null : await effects.sha256(file);
    if ((bytes === null || file.length === bytes) && (found === null || found === sha256)) return file;
  } catch {
    // Storage that cannot be read is as good as none.
  }
  await kept.delete(address).catch(() => false);
  return null;
}

function unreachable(address: string, cause: unknown): ViaductError {
  const { host } = new URL(address);
  return new ViaductError(
    "bad-input",
    `the model could not be fetched from ${host}, and this site holds none of its own: is the network there, and may this page use it? With viaduct export --towers site it would be part of the site`,
    { cause },
  );
}
