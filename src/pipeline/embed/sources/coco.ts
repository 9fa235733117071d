/**
 * Captions in JSON: those of COCO (`captions_val2017.json`: images and annotations), and the splits of
 * Karpathy (`dataset_flickr8k.json`: images with their sentences).
 */
import { z } from "zod";
import { badInput } from "../../../base/errors.ts";
import type { Cell } from "../../../formats/table.ts";
import type { CaptionRecords } from "./caption-records.ts";

const id = z.union([z.int(), z.string()]);
const coco = z.object({
  images: z.array(z.object({ id, file_name: z.string() })),
  annotations: z.array(z.object({ id: id.optional(), image_id: id, caption: z.string() })),
});
const karpathy = z.object({
  images: z.array(
    z.object({
      filename: z.string(),
      filepath: z.string().optional(),
      split: z.string().optional(),
      sentences: z.array(z.object({ raw: z.string() })),
    }),
  ),
});

export function jsonRecords(name: string, text: string, bytes: number): CaptionRecords {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw badInput(
      `${name} is no JSON: ${(error as Error).message}; expected captions as COCO or Karpathy's splits have them.`,
      error,
    );
  }
  const [ofCoco, ofKarpathy] = [coco.safeParse(value), karpathy.safeParse(value)];
  if (ofCoco.success) return cocoRecords(name, ofCoco.data, bytes);
  if (ofKarpathy.success) return karpathyRecords(name, ofKarpathy.data, bytes);
  const issue = ofCoco.error.issues[0];
  throw badInput(
    `${name} has no captions as COCO has them (${issue?.path.join(".") ?? ""}: ${issue?.message ?? ""}); expected "images" with id and file_name and "annotations" with image_id and caption.`,
    ofCoco.error,
  );
}

function cocoRecords(name: string, data: z.infer<typeof coco>, bytes: number): CaptionRecords {
  const fileOf = new Map(data.images.map((image) => [image.id, image.file_name]));
  const file: (string | null)[] = [];
  const captions: string[][] = [];
  const imageId: Cell[] = [];
  const add = (image: z.infer<typeof id>, given: string[]): void => {
    file.push(fileOf.get(image) ?? null);
    captions.push(given);
    imageId.push(image);
  };
  // Pictures keep the order of `images`, with captions or without.
  for (const image of data.images) add(image.id, []);
  for (const annotation of data.annotations) add(annotation.image_id, [annotation.caption]);
  return records(name, bytes, file, captions, new Map([["image_id", imageId]]));
}

function karpathyRecords(name: string, data: z.infer<typeof karpathy>, bytes: number): CaptionRecords {
  return records(
    name,
    bytes,
    data.images.map(({ filename, filepath }) =>
      filepath === undefined ? filename : `${filepath}/${filename}`,
    ),
    data.images.map(({ sentences }) => sentences.map(({ raw }) => raw)),
    new Map([["split", data.images.map(({ split = null }) => split)]]),
  );
}

function records(
  name: string,
  bytes: number,
  file: readonly (string | null)[],
  captions: readonly string[][],
  further: ReadonlyMap<string, readonly Cell[]>,
): CaptionRecords {
  return {
    file,
    captions,
    source: file.map(() => null),
    further,
    hasCaptions: true,
    origin: { role: "captions", file: name, rows: file.length, bytes, dtype: null },
    leftOut: [],
  };
}
