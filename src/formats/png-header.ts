const signature = [0x89, 0x50, 0x4e, 0x47];

/** Whether these are the bytes of a PNG with 16-bit grey without alpha, which Pillow does not scale to 8 bits. */
export function isWideGreyPng(bytes: Uint8Array): boolean {
  return signature.every((byte, i) => bytes[i] === byte) && bytes[24] === 16 && bytes[25] === 0;
}
