/**
 * Bicubic resizing, processor milliseconds for one picture, beside Pillow in the same run: to 224 at the
 * shorter edge as CLIP has it, whole and with the crop that is all CLIP needs.
 *
 * node bench/resize.ts [--peer <python>] [--repeats 20] [--json]
 */
import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { z } from "zod";
import { Random } from "../src/base/random.ts";
import { resize, type ResizeOptions } from "../src/encoders/resize.ts";
import type { Pixels } from "../src/encoders/encoder.ts";

const { values } = parseArgs({
  options: {
    peer: { type: "string" },
    repeats: { type: "string", default: "20" },
    json: { type: "boolean", default: false },
  },
});
const repeats = Number(values.repeats);
const edge = 224;
const sizes = [
  [256, 256, edge, edge],
  [640, 480, 298, edge],
  [1024, 768, 298, edge],
  [768, 1024, edge, 298],
  [4000, 3000, 298, edge],
] as const;

function milliseconds(pixels: Pixels, options: ResizeOptions): number {
  for (let i = 0; i < 3; i++) resize(pixels, options);
  const start = process.cpuUsage();
  for (let i = 0; i < repeats; i++) resize(pixels, options);
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1000 / repeats;
}

const random = Random.of(1, "pixels");
const rows = sizes.map(([sourceWidth, sourceHeight, width, height]) => {
  const data = new Uint8Array(sourceWidth * sourceHeight * 3);
  for (let i = 0; i < data.length; i++) data[i] = random.integer(256);
  const pixels = { width: sourceWidth, height: sourceHeight, data };
  const options = { width, height, resample: "bicubic" } as const;
  const part = { left: (width - edge) >> 1, top: (height - edge) >> 1, width: edge, height: edge };
  return {
    from: `${sourceWidth} x ${sourceHeight}`,
    to: `${width} x ${height}`,
    whole: milliseconds(pixels, options),
    cropped: milliseconds(pixels, { ...options, part }),
  };
});
const peer =
  values.peer === undefined
    ? null
    : z
        .array(z.number())
        .parse(
          JSON.parse(
            execFileSync(
              values.peer,
              [
                fileURLToPath(new URL("peers/resize.py", import.meta.url)),
                JSON.stringify(sizes),
                String(repeats),
              ],
              { encoding: "utf8" },
            ),
          ),
        );
const table = rows.map((row, i) => ({
  ...row,
  ...(peer ? { pillow: peer[i] * 1000, "pillow over whole": (peer[i] * 1000) / row.whole } : {}),
}));
if (values.json) console.log(JSON.stringify(table));
else
  console.table(
    table.map((row) =>
      Object.fromEntries(
        Object.entries(row).map(([key, value]) => [
          key,
          typeof value === "number" ? value.toFixed(2) : value,
        ]),
      ),
    ),
  );
