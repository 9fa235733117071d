/**
 * `viaduct embed`: pictures and captions through the towers of a model, to an embedding set.
 *
 * The input is listed first (names, sizes, captions), then embedded shard by shard into a folder beside
 * the set's place, and put together at the end. A run that was stopped or killed goes on from there.
 * Memory: the listing, a window of prepared pictures, one shard of rows.
 */
import { link, copyFile } from "node:fs/promises";
import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { badInput, ViaductError } from "../../base/errors.ts";
import { silent, type Progress } from "../../base/progress.ts";
import { checkTarget } from "../../platform/node/files/staged-folder.ts";
import { openPictureRoot } from "../../platform/node/files/picture-root.ts";
import { readJson } from "../../platform/node/files/read-json.ts";
import { requireEmbeddingPackages } from "../../platform/node/embedding-packages.ts";
import { embeddingSetManifest } from "../../protocol/embedding-set.ts";
import { setLayout, thumbnailLayout } from "../../protocol/study-layout.ts";
import type { EncoderChoice, EncoderEffects, LoadedEncoder } from "../encoders/encoder-choice.ts";
import { loadEncoder } from "../encoders/load-encoder.ts";
import { setFolder, writeSet, type Imported } from "../import.ts";
import { ThumbnailWriter } from "../thumbnails/thumbnail-writer.ts";
import { chosenCaptions, collectCaptions, collectPictures, droppedInputs, setInputs } from "./collect.ts";
import { embedCaptions } from "./embed-captions.ts";
import { embedImages } from "./embed-images.ts";
import {
  checkEmbedOptions,
  embedSizes,
  encoderChoice,
  type EmbedOptions,
  type EmbedSizes,
} from "./embed-options.ts";
import { embeddedReport } from "./embedded-report.ts";
import { openPicturePool } from "./picture-pool.ts";
import { embedPlan } from "./plan.ts";
import { shownName } from "./shown-name.ts";
import { nothingListed, withTexts } from "./sources/extra-texts.ts";
import { findListing } from "./sources/find-listing.ts";
import { firstPictures } from "./sources/first-pictures.ts";
import type { Listing } from "./sources/listing.ts";
import { openUnfinished, wasPublished, type UnfinishedSet } from "./unfinished-set.ts";

export type { EmbedOptions } from "./embed-options.ts";

export interface EmbedEffects extends EncoderEffects {
  /** Reports `pictures` and `captions`, and `download` where the model is fetched. */
  readonly progress?: Progress;
  /** What is known before the work begins and is worth a line: the input, the device, what is resumed. */
  readonly note?: (line: string) => void;
  /** Default: presets, the small towers, or a folder of networks. */
  readonly load?: (choice: EncoderChoice, effects: EncoderEffects) => Promise<LoadedEncoder>;
}

export async function embedPictures(options: EmbedOptions, effects: EmbedEffects = {}): Promise<Imported> {
  const { out, force = false, restart = false } = options;
  const { note = () => {}, load = loadEncoder } = effects;
  checkEmbedOptions(options);
  if (!restart && (await wasPublished(out))) {
    note(`${out} was finished by the run before; only its leavings were removed.`);
    return openPublished(out);
  }
  await checkTarget(resolve(out), out, setFolder(force));
  if (load === loadEncoder) await requireEmbeddingPackages();
  const listing = await list(options, effects);
  note(listed(listing));
  const loaded = await load(encoderChoice(options), effects);
  try {
    const sizes = embedSizes(options, loaded.record.device);
    const { record } = loaded;
    note(`${record.model}: ${record.reason}; ${record.runtime}, batches of ${sizes.batch}.`);
    const unfinished = await openUnfinished({
      out,
      ...embedPlan(options, loaded, sizes, listing),
      nameOf: (picture) => listing.pictures[picture]?.file ?? "the end",
      restart,
    });
    try {
      if (unfinished.resumed) note(resumed(unfinished, sizes, listing));
      return await embed(options, effects, { listing, loaded, sizes, unfinished });
    } catch (error) {
      // Nothing to go on from.
      if (unfinished.done("pictures") + unfinished.done("captions") === 0) await unfinished.remove();
      throw error;
    } finally {
      unfinished.release();
    }
  } finally {
    await loaded.encoder.close();
  }
}

async function openPublished(out: string): Promise<Imported> {
  const manifest = await readJson(join(resolve(out), setLayout.manifest), (value) =>
    embeddingSetManifest.parse(value),
  );
  return { path: resolve(out), manifest, report: manifest.report };
}

async function list(options: EmbedOptions, { signal, progress }: EmbedEffects): Promise<Listing> {
  const { pictures = [], texts, limit } = options;
  const onArchive = (done: number, total: number): void =>
    progress?.({ stage: "archives", done, total, unit: "archives" });
  const all =
    pictures.length === 0
      ? nothingListed()
      : await findListing({ ...options, inputs: pictures }, { signal, onArchive });
  const first = limit === undefined ? all : firstPictures(all, limit);
  return texts === undefined ? first : withTexts(first, texts, options);
}

interface EmbedWork {
  readonly listing: Listing;
  readonly loaded: LoadedEncoder;
  readonly sizes: EmbedSizes;
  readonly unfinished: UnfinishedSet;
}

async function embed(
  { out, force = false, limit, thumbnails = true }: EmbedOptions,
  { progress = silent, signal }: EmbedEffects,
  { listing, loaded, sizes, unfinished }: EmbedWork,
): Promise<Imported> {
  const { encoder, description, record } = loaded;
  const { batch, pictureShard, captionShard } = sizes;
  const withThumbnails = thumbnails && listing.pictures.length > 0;
  const common = { encoder, unfinished, batch, progress, signal };
  await embedImages({
    ...common,
    pictures: listing.pictures,
    openPool: () => openPicturePool(sizes.workers, { image: description.image, thumbnails: withThumbnails }),
    shardSize: pictureShard,
    thumbnails: withThumbnails,
  });
  const pictures = await collectPictures(unfinished, listing.pictures.length, pictureShard);
  const chosen = chosenCaptions(listing, pictures.kept);
  if (pictures.kept.length + chosen.length === 0) throw nothingLeft(listing, pictures.dropped[0]?.reason);
  await embedCaptions({ ...common, texts: listing.captions.text, chosen, shardSize: captionShard });
  const captions = await collectCaptions(unfinished, chosen.length, captionShard);
  if (withThumbnails) await finishThumbnails(unfinished.folder, pictures.kept.length);
  const made = await writeSet(
    setInputs(listing, encoder.dimension, pictures, captions),
    {
      out,
      force,
      root: listing.root === null ? undefined : await openPictureRoot(listing.root),
      model: record.model,
      encoder: record,
      dropInvalid: false,
      ...(withThumbnails ? { addFiles: (folder: string) => addThumbnails(unfinished.folder, folder) } : {}),
      embedded: {
        report: embeddedReport(listing, pictures, captions, {
          limit: limit ?? null,
          batch,
          description,
        }),
        dropped: droppedInputs(listing, pictures, captions),
        staging: unfinished.staging,
        beforePublishing: () => unfinished.beforePublishing(),
      },
    },
    {
      progress: (report) => progress({ ...report, stage: report.stage === "import" ? "write" : "check" }),
      ...(signal === undefined ? {} : { signal }),
    },
  ).catch((error: unknown) => {
    throw error instanceof ViaductError && error.code === "cancelled" ? stoppedAtTheEnd(error) : error;
  });
  await unfinished.remove();
  return made;
}

function stoppedAtTheEnd(cause: Error): Error {
  return new ViaductError(
    "cancelled",
    "embedding stopped while the set was put together; the same command goes on from there",
    { cause },
  );
}

function nothingLeft(listing: Listing, reason: string | undefined): Error {
  return badInput(
    `${listing.description}: none of ${listing.pictures.length.toLocaleString("en-US")} pictures can be used${reason === undefined ? "" : ` (${shownName(listing.pictures[0]?.file ?? "")}: ${reason})`}; expected pictures that can be decoded.`,
  );
}

const thumbnailFiles = [thumbnailLayout.table, thumbnailLayout.small, thumbnailLayout.large];

/** A run that was killed while the set was put together has finished them already. */
async function finishThumbnails(folder: string, rows: number): Promise<void> {
  if (existsSync(join(folder, thumbnailLayout.table))) return;
  const writer = await ThumbnailWriter.open(folder, { rows });
  await writer.finish();
}

/** As links: the packs are large, and stay in the folder until the set is in its place. */
async function addThumbnails(from: string, to: string): Promise<readonly string[]> {
  for (const name of thumbnailFiles) {
    await link(join(from, name), join(to, name)).catch(() => copyFile(join(from, name), join(to, name)));
  }
  return thumbnailFiles;
}

function listed({ description, pictures, captions, captionsFrom }: Listing): string {
  const count = (n: number, noun: string): string =>
    `${n.toLocaleString("en-US")} ${noun}${n === 1 ? "" : "s"}`;
  const from = captionsFrom === null ? "" : ` (${captionsFrom})`;
  if (pictures.length === 0) return `${count(captions.text.length, "text")}, no pictures.`;
  const texts =
    captions.text.length === 0 ? "no captions" : `${count(captions.text.length, "caption")}${from}`;
  return `${count(pictures.length, "picture")} of ${description}, ${texts}.`;
}

function resumed(unfinished: UnfinishedSet, sizes: EmbedSizes, { pictures }: Listing): string {
  const done = Math.min(pictures.length, unfinished.done("pictures") * sizes.pictureShard);
  return `Going on from an earlier run: ${done.toLocaleString("en-US")} of ${pictures.length.toLocaleString("en-US")} pictures are done.`;
}
