export function isWebp(bytes: Uint8Array): boolean {
  return bytes.length >= 12 && text(bytes, 0) === "RIFF" && text(bytes, 8) === "WEBP";
}

/** How a WebP is to be turned, 1 to 8 as EXIF numbers it; browsers do not look. */
export function webpOrientation(bytes: Uint8Array): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (!isWebp(bytes)) return 1;
  for (let at = 12; at + 8 <= bytes.length;) {
    const length = view.getUint32(at + 4, true);
    if (text(bytes, at) === "EXIF") return orientation(bytes.subarray(at + 8, at + 8 + length));
    at += 8 + length + (length & 1);
  }
  return 1;
}

const tag = 0x0112;

/** The orientation of EXIF data: a TIFF header with a directory, "Exif\0\0" before it in some files. */
function orientation(exif: Uint8Array): number {
  const tiff = text(exif, 0) === "Exif" ? exif.subarray(6) : exif;
  if (tiff.length < 8) return 1;
  const view = new DataView(tiff.buffer, tiff.byteOffset, tiff.byteLength);
  const little = text(tiff, 0).startsWith("II");
  const directory = view.getUint32(4, little);
  if (directory + 2 > tiff.length) return 1;
  for (let i = 0, count = view.getUint16(directory, little); i < count; i++) {
    const entry = directory + 2 + 12 * i;
    if (entry + 12 > tiff.length) return 1;
    if (view.getUint16(entry, little) !== tag) continue;
    const value = view.getUint16(entry + 8, little);
    return value >= 1 && value <= 8 ? value : 1;
  }
  return 1;
}

function text(bytes: Uint8Array, at: number): string {
  return String.fromCharCode(...bytes.subarray(at, at + 4));
}
