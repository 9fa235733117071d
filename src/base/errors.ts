/**
 * The one error that Viaduct throws on purpose.
 *
 * A message is one line: what was found, what was expected, what to do. The command line prints
 * it as it is and exits with 1 (`bad-usage`: 2); everything else that is thrown is a defect.
 */
export type ErrorCode =
  /** A file, a row or a value given by the user cannot be used. */
  | "bad-input"
  /** An option or argument is wrong. */
  | "bad-usage"
  /** An optional part (package, library, browser) is needed and absent. */
  | "missing-part"
  /** The user or the caller stopped the work; what was reached is kept. */
  | "cancelled";

export class ViaductError extends Error {
  readonly code: ErrorCode;

  constructor(code: ErrorCode, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = "ViaductError";
    this.code = code;
  }
}

/** Shorthand for the commonest case: something the user gave cannot be used. */
export function badInput(message: string, cause?: unknown): ViaductError {
  return new ViaductError("bad-input", message, cause === undefined ? undefined : { cause });
}

/** An option's value is wrong. */
export function badUsage(message: string): ViaductError {
  return new ViaductError("bad-usage", message);
}
