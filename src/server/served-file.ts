/** Answers a request with one file: sizes, single ranges, entity tags. */
import { open } from "node:fs/promises";
import { extname } from "node:path";
import { Readable } from "node:stream";
import { parseByteRange } from "./byte-range.ts";

/** What a browser may be told a file is; anything else is bytes to it. */
const contentTypes: Record<string, string> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".json": "application/json",
  ".svg": "image/svg+xml",
  ".png": "image/png",
  ".jpg": "image/jpeg",
  ".jpeg": "image/jpeg",
  ".webp": "image/webp",
  ".gif": "image/gif",
  ".avif": "image/avif",
  ".bmp": "image/bmp",
  ".ico": "image/x-icon",
};

export function contentType(path: string): string {
  return contentTypes[extname(path).toLowerCase()] ?? "application/octet-stream";
}

/** Null when `path` is no regular file that can be opened. */
export async function serveFile(
  request: Request,
  path: string,
  cacheControl: string,
  type: string = contentType(path),
): Promise<Response | null> {
  const handle = await open(path).catch(() => null);
  if (handle === null) return null;
  let handedOver = false;
  try {
    const stat = await handle.stat();
    if (!stat.isFile()) return null;
    const etag = entityTag(stat);
    const headers = new Headers({
      "accept-ranges": "bytes",
      "cache-control": cacheControl,
      "content-type": type,
      etag,
    });
    if (matchesTag(request.headers.get("if-none-match"), etag)) {
      return new Response(null, { status: 304, headers });
    }
    const ifRange = request.headers.get("if-range");
    const range =
      ifRange !== null && ifRange !== etag
        ? ({ kind: "whole" } as const)
        : parseByteRange(request.headers.get("range") ?? undefined, stat.size);
    if (range.kind === "unsatisfiable") {
      headers.set("content-range", `bytes */${stat.size}`);
      return new Response(null, { status: 416, headers });
    }
    const { start, end } = range.kind === "part" ? range : { start: 0, end: stat.size };
    headers.set("content-length", String(end - start));
    if (range.kind === "part") headers.set("content-range", `bytes ${start}-${end - 1}/${stat.size}`);
    const status = range.kind === "part" ? 206 : 200;
    if (request.method === "HEAD" || end === start) return new Response(null, { status, headers });
    handedOver = true;
    const stream = handle.createReadStream({ start, end: end - 1 });
    return new Response(Readable.toWeb(stream) as ReadableStream, { status, headers });
  } finally {
    if (!handedOver) await handle.close();
  }
}

/** Changes with the file; `variant` tells encodings of one file apart. */
export function entityTag({ size, mtimeMs }: { size: number; mtimeMs: number }, variant = ""): string {
  return `"${size.toString(36)}-${Math.round(mtimeMs).toString(36)}${variant === "" ? "" : `-${variant}`}"`;
}

export function matchesTag(ifNoneMatch: string | null, etag: string): boolean {
  if (ifNoneMatch === null) return false;
  return ifNoneMatch.split(",").some((tag) => tag.trim().replace(/^W\//, "") === etag || tag.trim() === "*");
}
