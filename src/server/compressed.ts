/** Text files of the application, compressed once for each encoding and kept: there are a few dozen of them. */
import { readFile, stat } from "node:fs/promises";
import { extname } from "node:path";
import { promisify } from "node:util";
import { brotliCompress, constants, gzip } from "node:zlib";
import { contentType, entityTag, matchesTag } from "./served-file.ts";

const text: ReadonlySet<string> = new Set([".html", ".js", ".css", ".svg", ".json"]);

const encoders = {
  br: (bytes: Buffer) =>
    promisify(brotliCompress)(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 9 } }),
  gzip: (bytes: Buffer) => promisify(gzip)(bytes, { level: 9 }),
} as const;
type Encoding = keyof typeof encoders;

export class CompressedFiles {
  readonly #kept = new Map<string, Promise<Buffer>>();

  /** Null where the browser takes none of the encodings, or the file is no text. */
  async serve(request: Request, path: string, cacheControl: string): Promise<Response | null> {
    const encoding = accepted(request.headers.get("accept-encoding") ?? "");
    if (encoding === null || !text.has(extname(path).toLowerCase())) return null;
    const found = await stat(path).catch(() => null);
    if (found === null || !found.isFile()) return null;
    const etag = entityTag(found, encoding);
    const headers = new Headers({
      "cache-control": cacheControl,
      "content-encoding": encoding,
      "content-type": contentType(path),
      etag,
      vary: "accept-encoding",
    });
    if (matchesTag(request.headers.get("if-none-match"), etag)) {
      return new Response(null, { status: 304, headers });
    }
    const key = `${path}\n${etag}`;
    const bytes = this.#kept.get(key) ?? readFile(path).then(encoders[encoding]);
    this.#kept.set(key, bytes);
    return new Response(new Uint8Array(await bytes), { headers });
  }
}

function accepted(header: string): Encoding | null {
  const offered = header.split(",").map((part) => part.trim().split(";"));
  const names = offered.filter(([, weight]) => weight?.trim() !== "q=0").map(([name]) => name);
  return (Object.keys(encoders) as Encoding[]).find((encoding) => names.includes(encoding)) ?? null;
}
