/** sharp, an optional peer: loaded when pictures are decoded, and asked for where it is absent. */
import { ViaductError } from "../../base/errors.ts";

export type Sharp = (typeof import("sharp"))["default"];

/** `purpose` begins the message where it is not installed: "thumbnails". */
export async function loadSharp(purpose: string): Promise<Sharp> {
  try {
    return (await import("sharp")).default;
  } catch (cause) {
    const reason = (cause as NodeJS.ErrnoException).code === "ERR_MODULE_NOT_FOUND";
    throw new ViaductError(
      "missing-part",
      reason
        ? `${purpose} need the package sharp, which is not installed; add it with: npm install sharp`
        : `${purpose} need the package sharp, which does not load here (${firstLine(cause)}); install it again with: npm install sharp`,
      { cause },
    );
  }
}

function firstLine(cause: unknown): string {
  const message = cause instanceof Error ? cause.message : String(cause);
  return message.trim().split("\n", 1)[0] ?? "";
}
