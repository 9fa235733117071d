/** A DataSource over HTTP: the local server, or any static host (with or without range requests). */
import { ViaductError, badInput } from "../../base/errors.ts";
import type { DataSource, FileTail, PictureSize } from "./data-source.ts";

export type Fetch = (address: string, init?: RequestInit) => Promise<Response>;

/** `base` ends with `/` and is relative to the page or absolute. */
export function httpSource(base: string, fetch: Fetch): DataSource {
  /** Files of hosts that ignore `Range` and send everything. */
  const whole = new Map<string, ArrayBuffer>();

  async function request(path: string, range?: string): Promise<Response> {
    const address = base + path.split("/").map(encodeURIComponent).join("/");
    let response: Response;
    try {
      response = await fetch(address, range === undefined ? {} : { headers: { range } });
    } catch (cause) {
      throw new ViaductError("bad-input", "the explorer's server does not answer: is it still running?", {
        cause,
      });
    }
    if (response.ok || response.status === 416) return response;
    const reason = response.status === 404 ? "is not there" : `came back with status ${response.status}`;
    throw badInput(`${path} ${reason}`);
  }

  return {
    async json(path) {
      const response = await request(path);
      return response.json();
    },

    async tail(path, length): Promise<FileTail> {
      const response = await request(path, `bytes=-${length}`);
      if (response.status === 416) return { size: 0, bytes: new ArrayBuffer(0) };
      const bytes = await response.arrayBuffer();
      if (response.status === 200) {
        whole.set(path, bytes);
        return { size: bytes.byteLength, bytes };
      }
      const size = Number(/\/(\d+)$/.exec(response.headers.get("content-range") ?? "")?.[1]);
      if (!Number.isSafeInteger(size)) throw badInput(`${path} came without its size`);
      return { size, bytes };
    },

    async bytes(path, start, end) {
      const kept = whole.get(path);
      if (kept !== undefined) return kept.slice(start, end);
      const response = await request(path, `bytes=${start}-${end - 1}`);
      const bytes = await response.arrayBuffer();
      if (response.status === 200) {
        whole.set(path, bytes);
        return bytes.slice(start, end);
      }
      if (bytes.byteLength !== end - start) {
        throw badInput(
          `${path} gave ${bytes.byteLength} of ${end - start} bytes: it changed; reload the page`,
        );
      }
      return bytes;
    },

    picture(row, version) {
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
    },
  };
}
