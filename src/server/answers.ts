/** Answers that several groups of routes give. */
import { fileInside } from "./inside.ts";
import { serveFile } from "./served-file.ts";

/** How long a browser may keep what it was given. */
export const cache = {
  never: "no-store",
  /** Published files never change in place, but a folder can be analysed anew: ask, and get a 304. */
  revalidate: "private, no-cache",
  /** Names that carry a hash of the content. */
  immutable: "public, max-age=31536000, immutable",
  /** Addresses that carry the hash of the set. */
  anHour: "private, max-age=3600",
} as const;

export function plain(status: number, line: string): Response {
  return new Response(`${line}\n`, {
    status,
    headers: { "content-type": "text/plain; charset=utf-8", "cache-control": cache.never },
  });
}

/** Why a body of JSON is not read: it says no length (a stream could go on for ever), or one above `most` bytes. */
export function refusedBody({ headers }: Request, most: number, tooLong: string): Response | null {
  if (headers.get("content-type") !== "application/json") {
    return plain(415, "expected a body of type application/json");
  }
  const length = headers.get("content-length");
  if (length === null) return plain(411, "a body has to say its length");
  return Number(length) > most ? plain(413, tooLong) : null;
}

export type ServeFile = (request: Request, path: string, cacheControl: string) => Promise<Response | null>;

/** A file below `root`, by the part of the address behind `prefix`. */
export async function serveInside(
  request: Request,
  root: string,
  prefix: string,
  cacheControl: string,
  serve: ServeFile = serveFile,
): Promise<Response> {
  const path = decodedPath(new URL(request.url).pathname.slice(prefix.length));
  const file = path === null ? null : await fileInside(root, path);
  const response = file === null ? null : await serve(request, file, cacheControl);
  return response ?? plain(404, "there is no such file in the study");
}

function decodedPath(path: string): string | null {
  try {
    return decodeURIComponent(path);
  } catch {
    return null;
  }
}
