/**
 * A DataSource over HTTP: the local server, or a static export on any host. A host that ignores
 * `Range` sends whole files, or whole pieces of long ones: each is asked for once and kept.
 */
import { ViaductError, badInput } from "../../base/errors.ts";
import { piecePath } from "../../protocol/site-layout.ts";
import type { SiteSummary, StudySummary } from "../../protocol/study-summary.ts";
import type { DataSource, FileTail, PictureSize, RowPicture } from "./data-source.ts";
import { packedPictures, type PackedPictures } from "./packed-pictures.ts";
import { readBody } from "./read-body.ts";

export type Fetch = (address: string, init?: RequestInit) => Promise<Response>;

export interface HttpSource extends DataSource {
  /** Resolves when nothing has been asked for during so many milliseconds and nothing is on its way. */
  quiet(milliseconds: number): Promise<void>;
}

/** `base` ends with `/` and is relative to the page or absolute. */
export function httpSource(base: string, fetchOne: Fetch): HttpSource {
  const { fetch, quiet } = watched(fetchOne);
  /** Files and pieces of hosts that ignore `Range`. */
  const whole = new Map<string, Promise<ArrayBuffer>>();
  /** Known once it has sent a file whole where a part was asked for. */
  let ignoresRanges = false;
  /** Known once the summary has been read, which comes before all else. */
  let site: SiteSummary | null = null;
  let packed: PackedPictures | null = null;

  async function request(path: string, range?: string, send: Fetch = fetch): Promise<Response> {
    const address = base + path.split("/").map(encodeURIComponent).join("/");
    let response: Response;
    try {
      // A browser that may keep ranges of a file reads them one after another.
      response = await send(address, range === undefined ? {} : { headers: { range }, cache: "no-store" });
    } catch (cause) {
      throw unreached(path, cause);
    }
    if (response.ok || response.status === 416) return response;
    const reason = response.status === 404 ? "is not there" : `came back with status ${response.status}`;
    throw badInput(`${path} ${reason}`);
  }

  function unreached(path: string, cause: unknown): ViaductError {
    const running = site === null ? "the explorer's server does not answer: is it still running?" : "";
    return new ViaductError("bad-input", running || `${path} could not be fetched: is the line up?`, {
      cause,
    });
  }

  /** Bytes of one file or piece. */
  async function range(path: string, start: number, end: number): Promise<ArrayBuffer> {
    if (ignoresRanges || whole.has(path)) return (await all(path)).slice(start, end);
    const response = await request(path, `bytes=${start}-${end - 1}`);
    if (response.status === 200) return (await all(path, response)).slice(start, end);
    const bytes = await response.arrayBuffer();
    if (bytes.byteLength !== end - start) {
      throw badInput(`${path} gave ${bytes.byteLength} of ${end - start} bytes: it changed; reload the page`);
    }
    return bytes;
  }

  /** The whole file; `sent`: what came of asking for a part of it. */
  function all(path: string, sent?: Response): Promise<ArrayBuffer> {
    if (sent !== undefined) ignoresRanges = true;
    const kept = whole.get(path);
    if (kept !== undefined) {
      void sent?.body?.cancel();
      return kept;
    }
    const bytes = sent === undefined ? request(path).then((one) => one.arrayBuffer()) : sent.arrayBuffer();
    bytes.catch(() => whole.delete(path));
    whole.set(path, bytes);
    return bytes;
  }

  async function pieces(path: string, length: number, start: number, end: number): Promise<ArrayBuffer> {
    const first = Math.floor(start / length);
    const last = Math.floor((end - 1) / length);
    const parts = await Promise.all(
      Array.from({ length: last - first + 1 }, (_, i) => {
        const from = (first + i) * length;
        const [low, high] = [Math.max(start, from) - from, Math.min(end, from + length) - from];
        return range(piecePath(path, first + i), low, high);
      }),
    );
    if (parts.length === 1) return parts[0]!;
    const joined = new Uint8Array(end - start);
    let at = 0;
    for (const part of parts) {
      joined.set(new Uint8Array(part), at);
      at += part.byteLength;
    }
    return joined.buffer;
  }

  async function bytes(path: string, start: number, end: number): Promise<ArrayBuffer> {
    return site?.pieces[path] === undefined
      ? range(path, start, end)
      : pieces(path, site.pieceBytes, start, end);
  }

  async function tail(path: string, length: number): Promise<FileTail> {
    const size = site?.pieces[path];
    if (size !== undefined) return { size, bytes: await bytes(path, Math.max(0, size - length), size) };
    const response = ignoresRanges || whole.has(path) ? null : await request(path, `bytes=-${length}`);
    if (response?.status === 416) return { size: 0, bytes: new ArrayBuffer(0) };
    if (response === null || response.status === 200) {
      const bytes = await all(path, response ?? undefined);
      return { size: bytes.byteLength, bytes };
    }
    const found = Number(/\/(\d+)$/.exec(response.headers.get("content-range") ?? "")?.[1]);
    if (!Number.isSafeInteger(found)) throw badInput(`${path} came without its size`);
    return { size: found, bytes: await response.arrayBuffer() };
  }

  async function wholeFile(
    path: string,
    size: number,
    heard: (bytes: number) => void,
  ): Promise<Uint8Array<ArrayBuffer>> {
    const length = site?.pieces[path] === undefined ? size : site.pieceBytes;
    const file = new Uint8Array(size);
    for (let start = 0; start < size; start += length) {
      const part = length === size ? path : piecePath(path, start / length);
      // Long, and told of as it comes: not held until all of it is there.
      const response = await request(part, undefined, fetchOne);
      await readBody(response, file.subarray(start, Math.min(size, start + length)), path, heard).catch(
        (cause: unknown) => {
          throw cause instanceof ViaductError ? cause : unreached(path, cause);
        },
      );
    }
    return file;
  }

  return {
    quiet,
    tail,
    bytes,
    whole: wholeFile,
    async json(path) {
      const value: unknown = await (await request(path)).json();
      if (path === "summary.json") {
        site = (value as StudySummary).site ?? null;
        packed = site?.packedPictures === true ? packedPictures({ tail, bytes }) : null;
      }
      return value;
    },
    openPictures: async () => void (await packed?.open()),
    picture: (row, version) => packed?.picture(row, version) ?? servedPicture(base, fetch, row, version),
  };
}

function servedPicture(base: string, fetch: Fetch, row: number, version: string): RowPicture {
  const query = `?set=${encodeURIComponent(version.slice(0, 16))}`;
  const address = (size: PictureSize): string =>
    `${base}${size === "full" ? "picture" : `thumbnail/${size}`}/${row}${query}`;
  return {
    key: `${row}${query}`,
    address,
    async whyNot(size) {
      const response = await fetch(address(size)).catch(() => null);
      if (response === null || response.ok) return null;
      const isText = response.headers.get("content-type")?.startsWith("text/plain") ?? false;
      return isText ? (await response.text()).trim() : null;
    },
  };
}

/** Counts what is on its way, its bytes included. */
function watched(fetch: Fetch): { fetch: Fetch; quiet: HttpSource["quiet"] } {
  let running = 0;
  let begun = 0;
  let waiting: (() => void)[] = [];
  const ended = (): void => {
    running--;
    if (running > 0) return;
    for (const wake of waiting) wake();
    waiting = [];
  };
  return {
    async fetch(address, init) {
      running++;
      begun++;
      try {
        const response = await fetch(address, init);
        const body = await response.arrayBuffer();
        const { status, statusText, headers } = response;
        const empty = status === 204 || status === 304;
        return new Response(empty ? null : body, { status, statusText, headers });
      } finally {
        ended();
      }
    },
    async quiet(milliseconds) {
      for (let before = -1; before !== begun;) {
        if (running > 0) await new Promise<void>((wake) => waiting.push(wake));
        before = begun;
        await new Promise((later) => setTimeout(later, milliseconds));
      }
    },
  };
}
