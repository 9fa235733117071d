/** The media type of a picture file by its first bytes, whatever its name (WHATWG MIME Sniffing, section 6.1). */
import { open } from "node:fs/promises";

/** Bytes that tell the kinds apart; an SVG's root may stand behind comments. */
const headLength = 1024;

/** Null when it is no picture that browsers show, or cannot be read. */
export async function pictureType(path: string): Promise<string | null> {
  const handle = await open(path).catch(() => null);
  if (handle === null) return null;
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(headLength), 0, headLength, 0);
    return typeOf(buffer.subarray(0, bytesRead).toString("latin1"));
  } catch {
    return null;
  } finally {
    await handle.close();
  }
}

function typeOf(head: string): string | null {
  if (head.startsWith("\x89PNG\r\n\x1a\n")) return "image/png";
  if (head.startsWith("\xff\xd8\xff")) return "image/jpeg";
  if (/^GIF8[79]a/.test(head)) return "image/gif";
  if (/^RIFF[^]{4}WEBP/.test(head)) return "image/webp";
  if (/^[^]{4}ftypavi[fs]/.test(head)) return "image/avif";
  if (head.startsWith("BM")) return "image/bmp";
  if (head.startsWith("\0\0\x01\0")) return "image/x-icon";
  return /^(\xef\xbb\xbf)?\s*(<\?xml[^>]*>\s*)?(<!--[^]*?-->\s*)*(<!DOCTYPE svg[^>]*>\s*)?<svg[\s>]/i.test(
    head,
  )
    ? "image/svg+xml"
    : null;
}
