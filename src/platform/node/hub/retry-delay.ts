/** How long to wait before asking again: what Retry-After says, otherwise 1, 2, 4, … seconds. */

const longest = 60_000;

/** Milliseconds before the next try; `attempt` counts the failed ones from 1. A date is taken against the answer's own. */
export function waitFor(attempt: number, headers?: Headers): number {
  return Math.min(longest, asked(headers) ?? 1000 * 2 ** (attempt - 1));
}

function asked(headers: Headers | undefined): number | undefined {
  const value = headers?.get("retry-after");
  if (value === undefined || value === null) return undefined;
  if (/^\d+$/.test(value.trim())) return 1000 * Number(value);
  const wait = Date.parse(value) - Date.parse(headers?.get("date") ?? "");
  return Number.isFinite(wait) ? Math.max(0, wait) : undefined;
}
