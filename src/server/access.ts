/**
 * Who may talk to the server.
 *
 * A page of another site can point a name it owns at this machine (DNS rebinding) or send requests
 * straight to the port: both carry a foreign `Host` or `Origin` and are refused. Whoever reaches
 * the port from another machine has to know the token: it comes once in the address (`?token=…`)
 * and then in a cookie that scripts cannot read and other sites cannot send.
 */
import { createHash, timingSafeEqual } from "node:crypto";

export interface Access {
  /** The port that it listens on. */
  readonly port: () => number;
  /** Names and addresses that `Host` may have, with that port: IPv6 in brackets. */
  readonly hosts: ReadonlySet<string>;
  /** Names that it may have with any port, because something in between answers for this server. */
  readonly forwardedHosts: ReadonlySet<string>;
  /** Null: whoever reaches the server may read. */
  readonly token: string | null;
  /** Sources of `frame-ancestors` that may show the page of one concept. */
  readonly frames: readonly string[];
}

const loopbackNames = ["127.0.0.1", "localhost", "[::1]"] as const;
export const loopbackHosts: ReadonlySet<string> = new Set(loopbackNames);

/** Pages of this machine, on any port: notebooks, documents under work. */
export const loopbackFrames: readonly string[] = [
  "'self'",
  "http://127.0.0.1:*",
  "http://localhost:*",
  "http://[::1]:*",
];

export function isLoopback(host: string): boolean {
  return loopbackHosts.has(host) || host === "::1";
}

export interface Refusal {
  readonly status: 401 | 403;
  readonly reason: string;
}

export function refusal(request: Request, access: Access): Refusal | null {
  const { headers } = request;
  const host = (headers.get("host") ?? "").toLowerCase();
  if (!isKnownHost(host, access)) {
    return {
      status: 403,
      reason: `Host "${host}" is not this server: open the address that viaduct explore printed, or allow it with --allow-host`,
    };
  }
  const origin = headers.get("origin");
  if (origin !== null && origin !== `http://${host}` && origin !== `https://${host}`) {
    return { status: 403, reason: `requests from ${origin} are not answered` };
  }
  if (access.token !== null && !knowsToken(request, access.token, access.port())) {
    return { status: 401, reason: "the token is missing: open the address that viaduct explore printed" };
  }
  return null;
}

function isKnownHost(host: string, { hosts, forwardedHosts, port }: Access): boolean {
  const [, name = "", hostPort = "80"] = /^(.*?)(?::(\d+))?$/.exec(host) ?? [];
  return forwardedHosts.has(name) || (hosts.has(name) && Number(hostPort) === port());
}

function knowsToken(request: Request, token: string, port: number): boolean {
  return [tokenInAddress(request), cookie(request, cookieName(port)), bearer(request)].some(
    (given) => given !== null && sameText(given, token),
  );
}

export function tokenInAddress(request: Request): string | null {
  return new URL(request.url).searchParams.get("token");
}

/** Makes the browser send the token with what the page asks for from now on. */
export function tokenCookie(token: string, port: number): string {
  return `${cookieName(port)}=${token}; Path=/; HttpOnly; SameSite=Strict`;
}

/** Cookies are shared by all ports of a host. */
function cookieName(port: number): string {
  return `viaduct-${port}`;
}

function cookie(request: Request, name: string): string | null {
  for (const part of (request.headers.get("cookie") ?? "").split(";")) {
    const [key = "", ...value] = part.trim().split("=");
    if (key === name) return value.join("=");
  }
  return null;
}

function bearer(request: Request): string | null {
  return /^Bearer (.+)$/i.exec(request.headers.get("authorization") ?? "")?.[1] ?? null;
}

/** Takes as long for a token that is nearly right as for any other. */
function sameText(given: string, expected: string): boolean {
  const digest = (text: string): Buffer => createHash("sha256").update(text).digest();
  return timingSafeEqual(digest(given), digest(expected));
}
