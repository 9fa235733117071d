/** A small study whose captions and pictures are everything that a real one may hold: hostile, absent, broken. */
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { writeNpy } from "../../src/formats/npy.ts";
import type { Backend } from "../../src/kernels/backend.ts";
import { planted } from "../../src/learners/testing/planted.ts";
import { analyzeStudy } from "../../src/pipeline/analyze.ts";
import { importEmbeddings } from "../../src/pipeline/import.ts";
import { trainStudy } from "../../src/pipeline/train.ts";

export const oddCaptions = {
  markup: '<img src=x onerror="alert(1)"><b>bold</b> & <script>alert(2)</script>',
  arabic: "قطة سوداء تجلس على السجادة",
  emoji: "👩‍👩‍👧‍👦 family 🏳️‍🌈 with 🇩🇪 flags",
  long: `${"a very long caption ".repeat(500)}end`,
  lines: "one line\nanother line\r\n\tand <a href='javascript:alert(5)'>a third</a>",
  unbroken: "x".repeat(3000),
  overridden: "\u202Egnp.exe a name that runs backwards",
};
/** Names that files may have, and names that cannot be followed. */
export const oddFiles = {
  there: ["<img src=x onerror=alert(3)>.png", "قطة.png", "👍🏽.png", "two\nlines.png", "50% #1 & more?.png"],
  lost: ["../outside.png", `${"long".repeat(2500)}.png`, "<script>alert(4)</script>.png"],
} as const;

const captions: (string | null)[] = [...Object.values(oddCaptions), null, ""];

/** A black pixel. */
const png = Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPj/HwADBwIAMCbHYQAAAABJRU5ErkJggg==",
  "base64",
);
const files: (string | null)[] = [
  "there.png",
  ...oddFiles.there,
  ...oddFiles.lost,
  "lost in the move.png",
  "https://example.org/far/away.png",
  null,
  "broken.png",
];

export interface OddStudy {
  /** Whether the set has pairs; with them: pictures and hostile captions. */
  readonly paired: boolean;
  /** Whether `analyze` has run. */
  readonly analysed: boolean;
}

/** Makes the set and the study `name` below `folder`; returns the study's path. */
export async function makeOddStudy(
  folder: string,
  name: string,
  backend: Backend,
  { paired, analysed }: OddStudy,
): Promise<string> {
  const rows = 160;
  const dimension = 16;
  const at = (path: string): string => join(folder, `${name}-${path}`);
  const { data } = planted({
    seed: 3,
    images: rows,
    texts: rows,
    dimension,
    concepts: 24,
    active: 3,
    offset: 0.4,
  });
  for (const modality of ["image", "text"] as const) {
    const values = new Float32Array(rows * dimension);
    await data[modality].readRange(0, rows, values);
    await writeFile(at(`${modality}.npy`), writeNpy(values, [rows, dimension]));
  }
  const items = (row: (i: number) => object): string =>
    `${Array.from({ length: rows }, (_, i) => JSON.stringify(row(i))).join("\n")}\n`;
  await writeFile(
    at("images.jsonl"),
    items((i) => ({ file: files[i % files.length], caption: null })),
  );
  await writeFile(
    at("texts.jsonl"),
    items((i) => ({
      caption: captions[i % captions.length],
      source: "made up",
      height: i,
      note: "<i>no markup</i>",
    })),
  );
  const pictures = at("pictures");
  await mkdir(pictures);
  for (const name of ["there.png", ...oddFiles.there]) await writeFile(join(pictures, name), png);
  await writeFile(join(folder, "outside.png"), png);
  await writeFile(join(pictures, "broken.png"), "no picture at all");
  const set = at("set");
  await importEmbeddings({
    images: [at("image.npy")],
    texts: [at("text.npy")],
    imageItems: at("images.jsonl"),
    textItems: at("texts.jsonl"),
    imageRoot: pictures,
    pairedRows: paired,
    out: set,
  });
  const study = at("study");
  const effects = { backend, now: () => 0 };
  await trainStudy(
    {
      set,
      study,
      learner: "batch-topk",
      // More concepts than the world has, so that some die.
      options: { concepts: 512, k: 3, epochs: 4, batch: 32, seed: 1 },
      name: "one",
      resume: false,
    },
    effects,
  );
  if (analysed) await analyzeStudy({ study }, effects);
  return study;
}
