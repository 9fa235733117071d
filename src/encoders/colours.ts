/** From other colour models to RGB with the rounding of Pillow, so that the bytes are its own. */

type Bytes = Uint8Array | Uint8ClampedArray;

/** pixels x 4 (cyan, magenta, yellow, black) to pixels x 3, as `convert("RGB")` without a profile. */
export function cmykToRgb(cmyk: Uint8Array): Uint8Array {
  const out = new Uint8Array((cmyk.length / 4) * 3);
  for (let i = 0, o = 0; i < cmyk.length; i += 4, o += 3) {
    const light = 255 - cmyk[i + 3];
    for (let c = 0; c < 3; c++) out[o + c] = light - dividedBy255(cmyk[i + c] * light + 128);
  }
  return out;
}

/** pixels x 3 with the alpha of pixels x 4, laid on white as `Image.alpha_composite` does. */
export function onWhite(rgb: Bytes, rgba: Bytes): Uint8Array {
  const out = new Uint8Array(rgb.length);
  for (let i = 3, o = 0; i < rgba.length; i += 4, o += 3) {
    const alpha = rgba[i];
    for (let c = o; c < o + 3; c++) {
      out[c] = dividedBy255((rgb[c] * alpha + 255 * (255 - alpha)) * 128 + 128 * 128) >> 7;
    }
  }
  return out;
}

/** pixels x 4 to pixels x 3, colours as stored. */
export function withoutAlpha(rgba: Bytes): Uint8Array {
  const out = new Uint8Array((rgba.length / 4) * 3);
  for (let i = 0, o = 0; i < rgba.length; i += 4, o += 3) {
    out[o] = rgba[i];
    out[o + 1] = rgba[i + 1];
    out[o + 2] = rgba[i + 2];
  }
  return out;
}

/** 16-bit grey to pixels x 3: Pillow cuts values above 255 off, it does not scale them. */
export function wideGreyToRgb(grey: Uint16Array): Uint8Array {
  const out = new Uint8Array(grey.length * 3);
  for (const [i, value] of grey.entries()) out.fill(Math.min(value, 255), i * 3, i * 3 + 3);
  return out;
}

function dividedBy255(value: number): number {
  return ((value >> 8) + value) >> 8;
}
