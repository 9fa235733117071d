/**
 * Pictures per second of `viaduct embed` (reading, decoding, preparing, network, shards on the disk) beside
 * Python's Pillow, transformers and onnxruntime on the same pictures and the same network in the same run,
 * on the processor. The network has CLIP ViT-B/32's size and random weights; the peer makes it, outside the
 * checkout. Both sides have it open and warm. "cpu" is processor time of all threads, which other work on the
 * machine disturbs less than the clock.
 *
 * node bench/encoders.ts <folder of pictures> [--towers <folder>] [--peer <python>] [--pictures 256]
 *   [--batch 32] [--threads 2] [--runs 2] [--json]
 * node bench/encoders.ts <new folder> --generate 200     makes JPEG pictures of 1024 x 768
 */
import { execFileSync } from "node:child_process";
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { z } from "zod";
import { Random } from "../src/base/random.ts";
import type { LoadedEncoder } from "../src/pipeline/encoders/encoder-choice.ts";
import { loadEncoder } from "../src/pipeline/encoders/load-encoder.ts";
import { openEmbeddingSet } from "../src/pipeline/embedding-set.ts";
import { embedPictures } from "../src/pipeline/embed/embed.ts";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    towers: { type: "string", default: join(tmpdir(), "viaduct-bench-vit-b32") },
    peer: { type: "string" },
    pictures: { type: "string", default: "256" },
    batch: { type: "string", default: "32" },
    threads: { type: "string", default: String(availableParallelism()) },
    runs: { type: "string", default: "2" },
    generate: { type: "string" },
    json: { type: "boolean", default: false },
  },
});
const [folder] = positionals;
if (folder === undefined) throw new Error("name a folder of pictures: node bench/encoders.ts <folder>");
if (values.generate !== undefined) {
  await generate(folder, Number(values.generate));
  process.exit(0);
}

const [batch, threads, runs] = [Number(values.batch), Number(values.threads), Number(values.runs)];
const script = fileURLToPath(new URL("./peers/encoders.py", import.meta.url));
const { towers, peer } = values;
if (!existsSync(join(towers, "encoder.json"))) {
  if (peer === undefined) throw new Error("--peer <python> makes the network; see bench/peers/encoders.py");
  execFileSync(peer, [script, "make", towers], { stdio: ["ignore", "ignore", "inherit"] });
}
for (const file of ["tokenizer.json", "tokenizer_config.json"]) {
  const source = fileURLToPath(new URL(`../test/fixtures/encoders/clip/${file}`, import.meta.url));
  copyFileSync(source, join(towers, file));
}

const pictures = readdirSync(folder)
  .filter((name) => /\.(?:jpe?g|png|webp)$/i.test(name))
  .toSorted()
  .slice(0, Number(values.pictures))
  .map((name) => join(resolve(folder), name));
const place = mkdtempSync(join(tmpdir(), "viaduct-bench-"));
writeFileSync(join(place, "pictures.txt"), `${pictures.join("\n")}\n`);

const result = z.object({
  pictures: z.int(),
  seconds: z.number(),
  cpu: z.number(),
  row: z.array(z.number()),
  versions: z.string(),
});
type Result = z.infer<typeof result>;

const loaded = await loadEncoder({ spec: `onnx:${towers}`, device: "cpu", threads });
const { encoder } = loaded;
await encoder.image.run(new Float32Array(batch * encoder.image.inputLength), batch);
/** Stays open from run to run. */
const warm: LoadedEncoder = { ...loaded, encoder: { ...encoder, close: async () => {} } };

async function ours(thumbnails: boolean): Promise<Result> {
  const out = join(place, "set");
  const begin = performance.now();
  const cpu = process.cpuUsage();
  await embedPictures(
    { pictures, model: `onnx:${towers}`, out, batch, threads, thumbnails, force: true },
    { load: async () => warm },
  );
  const seconds = (performance.now() - begin) / 1000;
  const { user, system } = process.cpuUsage(cpu);
  const set = await openEmbeddingSet(out);
  const row = new Float32Array(set.embeddings.dimension);
  await set.embeddings.image.readRange(Math.floor((pictures.length - 1) / batch) * batch, 1, row);
  await set.close();
  const versions = loaded.record.runtime;
  return { pictures: pictures.length, seconds, cpu: (user + system) / 1e6, row: [...row], versions };
}

function theirs(python: string): Result {
  const list = join(place, "pictures.txt");
  const output = execFileSync(python, [script, "run", towers, list, String(batch), String(threads)], {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "ignore"],
  });
  return result.parse(JSON.parse(output));
}

const sides = new Map<string, Result[]>();
const keep = (name: string, measured: Result): void => {
  sides.set(name, [...(sides.get(name) ?? []), measured]);
};
try {
  for (let run = 0; run < runs; run++) {
    keep("viaduct", await ours(false));
    if (peer !== undefined) keep("python", theirs(peer));
    keep("viaduct with thumbnails", await ours(true));
  }
} finally {
  await encoder.close();
  rmSync(place, { recursive: true, force: true });
}

const rows = Array.from(sides, ([side, measured]) => ({
  side,
  perSecond: Math.max(...measured.map(({ pictures: n, seconds }) => n / seconds)),
  cpuMilliseconds: Math.min(...measured.map(({ pictures: n, cpu }) => (1000 * cpu) / n)),
  versions: measured[0].versions,
}));
const python = rows.find(({ side }) => side === "python");
const ownRow = sides.get("viaduct")?.[0]?.row;
const peerRow = sides.get("python")?.[0]?.row;
const cosine =
  ownRow === undefined || peerRow === undefined
    ? null
    : dot(ownRow, peerRow) / Math.sqrt(dot(ownRow, ownRow) * dot(peerRow, peerRow));
if (values.json) {
  console.log(JSON.stringify({ pictures: pictures.length, batch, threads, cosine, rows }, undefined, 2));
} else {
  console.log(`${pictures.length} pictures, batches of ${batch}, ${threads} threads, best of ${runs}`);
  for (const { side, perSecond, cpuMilliseconds, versions } of rows) {
    const ratio = python === undefined ? "" : `  ${(perSecond / python.perSecond).toFixed(2)}x`;
    const cpuRatio =
      python === undefined ? "" : ` (${(cpuMilliseconds / python.cpuMilliseconds).toFixed(2)}x)`;
    console.log(
      `${side.padEnd(24)} ${perSecond.toFixed(1).padStart(6)} pictures/s${ratio}  ${cpuMilliseconds.toFixed(1)} ms cpu each${cpuRatio}  ${versions}`,
    );
  }
  if (cosine !== null) console.log(`cosine of the same picture's rows: ${cosine.toFixed(6)}`);
}

function dot(a: readonly number[], b: readonly number[]): number {
  return a.reduce((sum, value, i) => sum + value * b[i], 0);
}

/** Soft colours with grain: they take the bytes and the time of photographs. */
async function generate(target: string, count: number): Promise<void> {
  const { default: sharp } = await import("sharp");
  const random = Random.of(0, "pictures");
  mkdirSync(target, { recursive: true });
  const [width, height] = [1024, 768];
  for (let at = 0; at < count; at++) {
    const soft = Uint8Array.from({ length: 16 * 12 * 3 }, () => 256 * random.uniform());
    const large = await sharp(soft, { raw: { width: 16, height: 12, channels: 3 } })
      .resize(width, height, { kernel: "cubic" })
      .raw()
      .toBuffer();
    for (let i = 0; i < large.length; i++) {
      large[i] = Math.max(0, Math.min(255, large[i] + 24 * (random.uniform() - 0.5)));
    }
    await sharp(large, { raw: { width, height, channels: 3 } })
      .jpeg({ quality: 88 })
      .toFile(join(target, `${String(at).padStart(4, "0")}.jpg`));
  }
}
