/** One `Range` header against a file of known size (RFC 9110, section 14). */

export type ByteRange =
  /** Serve everything: no header, another unit, several ranges, or text that is no range. */
  | { kind: "whole" }
  /** Serve bytes `start` to `end`, `end` exclusive. */
  | { kind: "part"; start: number; end: number }
  /** The range starts behind the file. */
  | { kind: "unsatisfiable" };

const singleRange = /^bytes=(\d*)-(\d*)$/;

export function parseByteRange(header: string | undefined, size: number): ByteRange {
  const match = header === undefined ? null : singleRange.exec(header.trim());
  if (match === null) return { kind: "whole" };
  const [, first = "", last = ""] = match;
  if (first === "") {
    if (last === "") return { kind: "whole" };
    const length = Math.min(Number(last), size);
    return length === 0 ? { kind: "unsatisfiable" } : { kind: "part", start: size - length, end: size };
  }
  const start = Number(first);
  if (start >= size) return { kind: "unsatisfiable" };
  if (last === "") return { kind: "part", start, end: size };
  if (Number(last) < start) return { kind: "whole" };
  return { kind: "part", start, end: Math.min(Number(last) + 1, size) };
}
