/**
 * Who may talk to the server, and what its pages may do.
 *
 * A page of another site can point a name it owns at 127.0.0.1 (DNS rebinding) or send requests
 * straight to the port: both carry a foreign `Host` or `Origin` and are refused.
 */

const loopbackNames = new Set(["127.0.0.1", "localhost", "[::1]"]);

export function isLoopback(host: string): boolean {
  return loopbackNames.has(host) || host === "::1";
}

/** A reason to refuse the request, or null. `Host` must be a loopback name, `Origin` this server's own. */
export function refusal(headers: Headers, port: number): string | null {
  const host = headers.get("host") ?? "";
  const [, name = "", hostPort = "80"] = /^(.*?)(?::(\d+))?$/.exec(host) ?? [];
  if (!loopbackNames.has(name) || Number(hostPort) !== port) {
    return `Host "${host}" is not this machine: open the address that viaduct explore printed`;
  }
  const origin = headers.get("origin");
  if (origin !== null && origin !== `http://${host}`) return `requests from ${origin} are not answered`;
  return null;
}

const everywhere = {
  "x-content-type-options": "nosniff",
  "referrer-policy": "no-referrer",
  "cross-origin-resource-policy": "same-origin",
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-embedder-policy": "require-corp",
  "permissions-policy": "camera=(), geolocation=(), microphone=()",
} as const;

/** The application loads its own files and nothing else; no inline script or style, no frames. */
const applicationPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "connect-src 'self'",
  "worker-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join("; ");

/** A picture or data file opened by itself runs nothing, whatever is written in it (SVG scripts). */
const contentPolicy = "default-src 'none'; style-src 'unsafe-inline'; sandbox";

export function secure(response: Response, kind: "application" | "content"): Response {
  for (const [name, value] of Object.entries(everywhere)) response.headers.set(name, value);
  response.headers.set("content-security-policy", kind === "application" ? applicationPolicy : contentPolicy);
  return response;
}
