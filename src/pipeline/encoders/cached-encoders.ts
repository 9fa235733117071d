/** Which presets can be used without a network, since their files are in the hub's cache. */
import { precisions, type Precision } from "../../encoders/description.ts";
import { encoderFiles } from "../../encoders/presets/preset.ts";
import { encoderPresets } from "../../encoders/presets/registry.ts";
import { areCached } from "../../platform/node/hub/hub-files.ts";
import { hubSettings, type Environment } from "../../platform/node/hub/hub-settings.ts";

export interface CachedEncoders {
  /** Folder of the cache. */
  readonly cache: string;
  readonly encoders: readonly { readonly alias: string; readonly dtype: Precision }[];
}

export function cachedEncoders(environment?: Environment): CachedEncoders {
  const settings = hubSettings(environment);
  const encoders = encoderPresets.flatMap(({ alias, hub, description }) => {
    if (hub === null) return [];
    const { repository: name, revision, externalWeights } = hub;
    const { image } = description;
    return precisions
      .filter((dtype) => typeof image.network === "string" || image.network[dtype] !== undefined)
      .filter((dtype) =>
        areCached({ name, revision }, encoderFiles(description, dtype, externalWeights), settings),
      )
      .map((dtype) => ({ alias, dtype }));
  });
  return { cache: settings.cache, encoders };
}
