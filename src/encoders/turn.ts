/** Turns and mirrors a picture as an EXIF orientation says. */
import type { Pixels } from "./encoder.ts";

/** `orientation` 1 to 8: 2, 4, 5 and 7 mirror, 5 to 8 exchange width and height. */
export function turn(pixels: Pixels, orientation: number): Pixels {
  if (orientation <= 1 || orientation > 8) return pixels;
  const exchanged = orientation >= 5;
  const width = exchanged ? pixels.height : pixels.width;
  const height = exchanged ? pixels.width : pixels.height;
  const fromRight = [2, 3, 7, 8].includes(orientation);
  const fromBottom = [3, 4, 6, 7].includes(orientation);
  const data = new Uint8Array(pixels.data.length);
  let target = 0;
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const [column, row] = exchanged ? [y, x] : [x, y];
      const sourceX = fromRight ? pixels.width - 1 - column : column;
      const sourceY = fromBottom ? pixels.height - 1 - row : row;
      const source = (sourceY * pixels.width + sourceX) * 3;
      data[target++] = pixels.data[source];
      data[target++] = pixels.data[source + 1];
      data[target++] = pixels.data[source + 2];
    }
  }
  return { width, height, data };
}
