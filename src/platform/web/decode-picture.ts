/**
 * Decodes pictures in a browser, as near to Pillow as it goes: turned as EXIF data say, profiles ignored,
 * colours under transparency kept. Browsers have their own decoders: docs/encoders/exactness.md says how far
 * the pixels are from those in Node.
 */
import { badInput } from "../../base/errors.ts";
import { onWhite, withoutAlpha } from "../../encoders/colours.ts";
import { checkSize, decodeSettings, gifPixels, type DecodeOptions } from "../../encoders/decode-options.ts";
import type { Pixels } from "../../encoders/encoder.ts";
import { turn } from "../../encoders/turn.ts";
import { isGif } from "../../formats/gif.ts";
import { isWideGreyPng } from "../../formats/png-header.ts";
import { isWebp, webpOrientation } from "../../formats/webp-orientation.ts";

/** Whatever the browser shows, SVG (on white) only where there is a document. Throws `bad-input`. */
export async function decodePicture(blob: Blob, options: DecodeOptions = {}): Promise<Pixels> {
  const settings = decodeSettings(options);
  const bytes = new Uint8Array(await blob.arrayBuffer());
  if (isGif(bytes)) return gifPixels(bytes, settings);
  const drawing = isDrawing(blob, bytes);
  const picture = await bitmap(blob, drawing, isWebp(bytes), settings.name);
  try {
    const { width, height } = picture;
    checkSize(picture, settings);
    const rgba = readPixels(picture);
    const rgb = withoutAlpha(rgba);
    const data = settings.transparency === "white" || drawing ? onWhite(rgb, rgba) : rgb;
    if (isWideGreyPng(bytes)) cutOff(data);
    return turn({ width, height, data }, webpOrientation(bytes));
  } finally {
    picture.close();
  }
}

/** Pillow cuts 16-bit grey off at 255; the browser gives its upper 8 bits, so that the lower are not known. */
function cutOff(data: Uint8Array): void {
  for (const [i, value] of data.entries()) data[i] = value > 0 ? 255 : 0;
}

function isDrawing(blob: Blob, bytes: Uint8Array): boolean {
  if (blob.type !== "") return blob.type.startsWith("image/svg");
  return /^\s*<(\?xml|svg|!)/.test(new TextDecoder().decode(bytes.subarray(0, 200)));
}

async function bitmap(blob: Blob, drawing: boolean, webp: boolean, name: string): Promise<ImageBitmap> {
  const options = {
    // WebP is turned here, since not every browser does it.
    imageOrientation: webp ? "none" : "from-image",
    colorSpaceConversion: "none",
    premultiplyAlpha: "none",
  } as const;
  try {
    return await createImageBitmap(drawing ? await loadDrawing(blob) : blob, options);
  } catch (error) {
    throw badInput(
      `${name} is no picture that this browser can read; expected JPEG, PNG, WebP, AVIF, GIF or SVG`,
      error,
    );
  }
}

/** Only an image element reads SVG. */
async function loadDrawing(blob: Blob): Promise<HTMLImageElement> {
  const address = URL.createObjectURL(new Blob([blob], { type: "image/svg+xml" }));
  try {
    const image = new Image();
    image.src = address;
    await image.decode();
    return image;
  } finally {
    URL.revokeObjectURL(address);
  }
}

/** width x height x 4, not premultiplied: through WebGL, since a 2D canvas loses colours under transparency. */
function readPixels(picture: ImageBitmap): Uint8Array | Uint8ClampedArray {
  const { width, height } = picture;
  const gl = new OffscreenCanvas(1, 1).getContext("webgl2");
  if (gl && width <= gl.getParameter(gl.MAX_TEXTURE_SIZE) && height <= gl.getParameter(gl.MAX_TEXTURE_SIZE)) {
    return readThroughTexture(gl, picture);
  }
  const context = new OffscreenCanvas(width, height).getContext("2d", { willReadFrequently: true });
  if (!context) throw badInput("this browser gives no canvas to read pixels from");
  context.drawImage(picture, 0, 0);
  return context.getImageData(0, 0, width, height).data;
}

function readThroughTexture(gl: WebGL2RenderingContext, picture: ImageBitmap): Uint8Array {
  const { width, height } = picture;
  const out = new Uint8Array(width * height * 4);
  const texture = gl.createTexture();
  const frame = gl.createFramebuffer();
  gl.bindTexture(gl.TEXTURE_2D, texture);
  gl.pixelStorei(gl.UNPACK_PREMULTIPLY_ALPHA_WEBGL, false);
  gl.pixelStorei(gl.UNPACK_COLORSPACE_CONVERSION_WEBGL, gl.NONE);
  gl.texImage2D(gl.TEXTURE_2D, 0, gl.RGBA, gl.RGBA, gl.UNSIGNED_BYTE, picture);
  gl.bindFramebuffer(gl.FRAMEBUFFER, frame);
  gl.framebufferTexture2D(gl.FRAMEBUFFER, gl.COLOR_ATTACHMENT0, gl.TEXTURE_2D, texture, 0);
  gl.readPixels(0, 0, width, height, gl.RGBA, gl.UNSIGNED_BYTE, out);
  gl.deleteFramebuffer(frame);
  gl.deleteTexture(texture);
  gl.getExtension("WEBGL_lose_context")?.loseContext();
  return out;
}
