/**
 * Peak memory of `viaduct embed` for folders of several sizes: node bench/embed-memory.ts [pictures …]
 * (default 10000 100000). The pictures are links to a hundred small files, so that they take no room; what is
 * done with each is what is done with any. Linux only: the peak is what the kernel notes in /proc.
 */
import { spawn } from "node:child_process";
import { link, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import sharp from "sharp";

const main = fileURLToPath(new URL("../src/cli/main.ts", import.meta.url));
const towers = fileURLToPath(new URL("../test/fixtures/encoders/clip", import.meta.url));
const different = 100;
const side = 64;

async function makePictures(folder: string, count: number): Promise<void> {
  for (let i = 0; i < count; i++) {
    const inner = join(folder, String(Math.floor(i / 1000)));
    if (i % 1000 === 0) await mkdir(inner, { recursive: true });
    const name = (n: number): string => join(folder, String(Math.floor(n / 1000)), `${n}`);
    if (i < different) {
      const background = { r: (i * 37) % 256, g: (i * 91) % 256, b: i };
      const picture = sharp({ create: { width: side, height: side, channels: 3, background } });
      await writeFile(`${name(i)}.jpg`, await picture.jpeg().toBuffer());
      await writeFile(`${name(i)}.txt`, `a plain picture in colour number ${i}\n`);
    } else {
      await link(`${name(i % different)}.jpg`, `${name(i)}.jpg`);
      await link(`${name(i % different)}.txt`, `${name(i)}.txt`);
    }
  }
}

interface Memory {
  /** MiB, the highest there was. */
  readonly peak: number;
  /** MiB when so many hundredths of the pictures were done. */
  readonly at: ReadonlyMap<number, number>;
  readonly seconds: number;
}

/** Resident memory, read while the process runs. */
async function memoryOf(args: readonly string[]): Promise<Memory> {
  const started = performance.now();
  const child = spawn(process.execPath, [main, ...args], { stdio: ["ignore", "ignore", "pipe"] });
  let [peak, resident] = [0, 0];
  const at = new Map<number, number>();
  const field = (status: string, name: string): number =>
    Number(new RegExp(`${name}:\\s+(\\d+)`).exec(status)?.[1] ?? 0) / 1024;
  const look = setInterval(() => {
    readFile(`/proc/${child.pid}/status`, "utf8").then(
      (status) => {
        peak = Math.max(peak, field(status, "VmHWM"));
        resident = field(status, "VmRSS");
      },
      () => undefined,
    );
  }, 100);
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    for (const [, done = "", total = ""] of text.matchAll(/"stage":"pictures","done":(\d+),"total":(\d+)/g)) {
      const share = Math.floor((10 * Number(done)) / Number(total)) * 10;
      if (share > 0 && !at.has(share)) at.set(share, resident);
    }
  });
  const code = await new Promise((resolve) => child.once("close", resolve));
  clearInterval(look);
  if (code !== 0) throw new Error(`embed ended with ${String(code)}`);
  return { peak, at, seconds: (performance.now() - started) / 1000 };
}

const given = process.argv.slice(2).map(Number);
const place = await mkdtemp(join(tmpdir(), "viaduct-embed-memory-"));
try {
  for (const count of given.length > 0 ? given : [10_000, 100_000]) {
    const photos = join(place, `photos-${count}`);
    await makePictures(photos, count);
    const out = join(place, `set-${count}`);
    const { peak, at, seconds } = await memoryOf([
      "embed",
      photos,
      "--model",
      `onnx:${towers}`,
      "--out",
      out,
      "--json",
    ]);
    const course = [...at].map(([share, mebibytes]) => `${share} %: ${Math.round(mebibytes)}`).join(", ");
    console.log(
      `${count.toLocaleString("en-US")} pictures: ${Math.round(peak)} MiB at most (${course}), ${Math.round(count / seconds)} pictures per second`,
    );
    await rm(photos, { recursive: true });
    await rm(out, { recursive: true });
  }
} finally {
  await rm(place, { recursive: true, force: true });
}
