/** A web server for a folder that is as simple as hosts get: no ranges, or with them. Notes what was asked for. */
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { extname, join, normalize } from "node:path";

export interface StaticHost {
  readonly url: string;
  /** Paths in the order of the requests. */
  readonly asked: string[];
  close(): Promise<void>;
}

const types: Readonly<Record<string, string>> = {
  ".html": "text/html",
  ".js": "text/javascript",
  ".css": "text/css",
  ".json": "application/json",
  ".svg": "image/svg+xml",
};

/** `below`: the folder lies at this path of the host, e.g. "/some/where/". */
export async function serveFolder(
  folder: string,
  { ranges, below = "/" }: { readonly ranges: boolean; readonly below?: string },
): Promise<StaticHost> {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    const path = decodeURIComponent(new URL(request.url ?? "/", "http://host").pathname);
    asked.push(path);
    const name = path.startsWith(below) ? path.slice(below.length) || "index.html" : "\0";
    readFile(join(folder, normalize(`/${name}`))).then(
      (file) => {
        response.setHeader("content-type", types[extname(name)] ?? "application/octet-stream");
        const [, first = "", last = ""] = /^bytes=(\d*)-(\d*)$/.exec(request.headers.range ?? "") ?? [];
        if (!ranges || first + last === "") {
          response.end(file);
          return;
        }
        const start = first === "" ? Math.max(0, file.length - Number(last)) : Number(first);
        const end = first === "" || last === "" ? file.length : Math.min(Number(last) + 1, file.length);
        response.writeHead(206, { "content-range": `bytes ${start}-${end - 1}/${file.length}` });
        response.end(file.subarray(start, end));
      },
      () => {
        response.statusCode = 404;
        response.end("not found");
      },
    );
  });
  await new Promise<void>((listening) => {
    server.listen(0, "127.0.0.1", listening);
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}${below}`,
    asked,
    close: () =>
      new Promise((closed) => {
        server.close(() => closed());
        server.closeAllConnections();
      }),
  };
}
