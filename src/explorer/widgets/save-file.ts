/** Hands a file to the browser's downloads. */

/** Anything but letters, digits, dots and dashes in `name` becomes a dash. */
export function saveFile(name: string, content: Blob | string, type = "text/plain;charset=utf-8"): void {
  const blob = typeof content === "string" ? new Blob([content], { type }) : content;
  const address = URL.createObjectURL(blob);
  const link = document.createElement("a");
  link.href = address;
  link.download = name.replace(/[^\p{L}\p{N}.-]+/gu, "-");
  link.click();
  // The download has begun by then, and the bytes may go.
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}
