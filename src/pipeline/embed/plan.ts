/** What makes two runs the same: when one goes on from the other, the set has the bytes of one that was never stopped. */
import { createHash } from "node:crypto";
import { sha256Of } from "../../platform/node/files/file-list.ts";
import { packageVersion } from "../../platform/node/files/package-version.ts";
import type { LoadedEncoder } from "../encoders/encoder-choice.ts";
import type { EmbedOptions, EmbedSizes } from "./embed-options.ts";
import type { Listing } from "./sources/listing.ts";
import type { EmbedPlan } from "./unfinished-set.ts";

export function embedPlan(
  options: EmbedOptions,
  { record, description }: Omit<LoadedEncoder, "encoder">,
  sizes: EmbedSizes,
  listing: Listing,
): { plan: EmbedPlan; stamps: string[] } {
  const stamps = listing.pictures.map(({ file, start, bytes, modified }) =>
    sha256Of([file, start ?? "", bytes, modified].join("\0")).slice(0, 16),
  );
  const { text, picture } = listing.captions;
  const captions = createHash("sha256");
  for (const [at, one] of text.entries()) captions.update(`${picture[at]}\0${one}\0`);
  return {
    stamps,
    plan: {
      version: packageVersion(),
      options: {
        "--model": record.model,
        "--revision": record.revision,
        "--dtype": record.dtype,
        "--device": record.device,
        "--batch": sizes.batch,
        "--shard": sizes.pictureShard,
        "--limit": options.limit ?? null,
        "--no-normalize": options.normalize === false,
        "--no-thumbnails": options.thumbnails === false,
      },
      encoder: sha256Of(
        JSON.stringify([record.files.map(({ path, sha256 }) => [path, sha256]), description]),
      ),
      pictures: { count: stamps.length, sha256: sha256Of(stamps.join("\n")) },
      captions: { count: text.length, sha256: captions.digest("hex") },
    },
  };
}
