/** A hub on 127.0.0.1 for tests: answers as huggingface.co does, and misbehaves where it is told to. */
import { createHash } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

export interface HubFile {
  readonly content: Uint8Array;
  /** Large files are kept on another host and named by their SHA-256. */
  readonly large: boolean;
}

export interface Seen {
  readonly host: "hub" | "store";
  readonly method: string;
  readonly url: string;
  readonly authorization: string | undefined;
  readonly range: string | undefined;
}

/** Answers the next request of a method in its own way; what it returns false for is answered as usual. */
export type Fault = (request: IncomingMessage, response: ServerResponse) => boolean;

export class HubServer {
  readonly repository: string;
  readonly commit: string;
  readonly files = new Map<string, HubFile>();
  readonly seen: Seen[] = [];
  /** Asked first, in order, each until it has answered once. */
  readonly faults: Fault[] = [];
  /** Sent instead of whole contents, in order: the connection is broken after so many bytes. */
  readonly breaks: number[] = [];
  /** When set, requests without it are refused. */
  token: string | undefined;
  private ports = [0, 0];
  private readonly hub = createServer((request, response) => this.answer("hub", request, response));
  private readonly store = createServer((request, response) => this.answer("store", request, response));

  constructor(repository = "owner/towers", commit = "0123456789abcdef0123456789abcdef01234567") {
    this.repository = repository;
    this.commit = commit;
  }

  /** At the same addresses as before, where it was stopped. */
  async start(): Promise<void> {
    await Promise.all([listening(this.hub, this.ports[0]), listening(this.store, this.ports[1])]);
    this.ports = [portOf(this.hub), portOf(this.store)];
  }

  async stop(): Promise<void> {
    await Promise.all([closed(this.hub), closed(this.store)]);
  }

  get endpoint(): string {
    return addressOf(this.hub);
  }

  add(path: string, content: Uint8Array | string, large = false): void {
    this.files.set(path, {
      content: typeof content === "string" ? new TextEncoder().encode(content) : content,
      large,
    });
  }

  etagOf(path: string): string {
    const file = this.files.get(path);
    if (file === undefined) throw new Error(`no ${path}`);
    const { content, large } = file;
    return large
      ? createHash("sha256").update(content).digest("hex")
      : createHash("sha1").update(`blob ${content.length}\0`).update(content).digest("hex");
  }

  /** Requests seen since the last call. */
  takeSeen(): Seen[] {
    return this.seen.splice(0);
  }

  private answer(host: "hub" | "store", request: IncomingMessage, response: ServerResponse): void {
    const { method = "", url = "", headers } = request;
    const { authorization, range } = headers;
    this.seen.push({ host, method, url, authorization, range });
    const fault = this.faults.shift();
    if (fault !== undefined) {
      if (fault(request, response)) return;
      this.faults.unshift(fault);
    }
    if (host === "store") return this.send(request, response, decodeURIComponent(url.slice(1)));
    if (this.token !== undefined && authorization !== `Bearer ${this.token}`) {
      return refuse(response, 401, "RepoNotFound");
    }
    const match = /^\/([^/]+\/[^/]+)\/resolve\/([^/]+)\/(.+)$/.exec(url);
    if (match === null || match[1] !== this.repository) return refuse(response, 404, "RepoNotFound");
    if (!["main", this.commit].includes(match[2])) return refuse(response, 404, "RevisionNotFound");
    const path = decodeURIComponent(match[3]);
    const file = this.files.get(path);
    if (file === undefined) return refuse(response, 404, "EntryNotFound");
    response.setHeader("x-repo-commit", this.commit);
    response.setHeader("accept-ranges", "bytes");
    if (!file.large) {
      response.setHeader("etag", `W/"${this.etagOf(path)}"`);
      return this.send(request, response, path);
    }
    response.setHeader("x-linked-etag", `"${this.etagOf(path)}"`);
    response.setHeader("x-linked-size", file.content.length);
    response.setHeader("etag", '"of the redirection"');
    response.setHeader("location", `${addressOf(this.store)}/${encodeURIComponent(path)}`);
    response.writeHead(302).end();
  }

  private send(request: IncomingMessage, response: ServerResponse, path: string): void {
    const content = this.files.get(path)?.content ?? new Uint8Array();
    const range = /^bytes=(\d+)-$/.exec(request.headers.range ?? "");
    const begin = range === null ? 0 : Number(range[1]);
    if (range !== null && begin >= content.length) {
      response.writeHead(416, { "content-range": `bytes */${content.length}` }).end();
      return;
    }
    const part = content.subarray(begin);
    response.writeHead(range === null ? 200 : 206, {
      "content-length": part.length,
      ...(range === null
        ? {}
        : { "content-range": `bytes ${begin}-${content.length - 1}/${content.length}` }),
    });
    if (request.method === "HEAD") {
      response.end();
      return;
    }
    const broken = this.breaks.shift();
    if (broken === undefined || broken >= part.length) {
      response.end(part);
      return;
    }
    response.write(part.subarray(0, broken), () => setTimeout(() => request.socket.destroy(), 20));
  }
}

function refuse(response: ServerResponse, status: number, code: string): void {
  response.writeHead(status, { "x-error-code": code }).end(code);
}

const portOf = (server: Server): number => (server.address() as AddressInfo).port;
const addressOf = (server: Server): string => `http://127.0.0.1:${portOf(server)}`;

async function listening(server: Server, port: number): Promise<void> {
  await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
}

async function closed(server: Server): Promise<void> {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
}
