/** What a page of this server may do, and who may show it in a frame. */
import type { Access } from "./access.ts";

const everywhere = {
  "x-content-type-options": "nosniff",
  "referrer-policy": "no-referrer",
  "cross-origin-resource-policy": "same-origin",
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-embedder-policy": "require-corp",
  "permissions-policy": "camera=(), geolocation=(), microphone=()",
} as const;

/** The application loads its own files and nothing else; no inline script or style, no frames. */
export const applicationPolicy: readonly string[] = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  // Thumbnails that were read from a pack, charts on their way to a PNG.
  "img-src 'self' blob:",
  "connect-src 'self'",
  "worker-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
];

/**
 * Of the application's scripts, which a browser heeds where one runs as a worker: there, and not in the
 * page, WebAssembly may be compiled.
 */
const scriptPolicy = applicationPolicy
  .map((rule) => (rule.startsWith("script-src") ? `${rule} 'wasm-unsafe-eval'` : rule))
  .join("; ");

/** A picture or data file opened by itself runs nothing, whatever is written in it (SVG scripts). */
const contentPolicy = "default-src 'none'; style-src 'unsafe-inline'; sandbox";

/** The page that other pages may show in a frame. */
const embeddedPage = "/embed.html";

export function secure(response: Response, path: string, access: Access): Response {
  for (const [name, value] of Object.entries(everywhere)) response.headers.set(name, value);
  response.headers.set("content-security-policy", policyOf(path, access));
  // A page that isolates itself takes frames from elsewhere only when they say so.
  if (path === embeddedPage) response.headers.set("cross-origin-resource-policy", "cross-origin");
  return response;
}

function policyOf(path: string, { frames }: Access): string {
  if (path.startsWith("/data/")) return contentPolicy;
  if (path.startsWith("/assets/")) return scriptPolicy;
  const ancestors = path === embeddedPage && frames.length > 0 ? frames.join(" ") : "'none'";
  return [...applicationPolicy, `frame-ancestors ${ancestors}`].join("; ");
}
