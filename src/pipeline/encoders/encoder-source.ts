/** Where an encoder's files are: a folder on this machine with a description of what lies in it. */
import { existsSync } from "node:fs";
import { homedir } from "node:os";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { badInput, badUsage } from "../../base/errors.ts";
import {
  descriptionFile,
  parseDescription,
  precisions,
  type EncoderDescription,
  type Precision,
} from "../../encoders/description.ts";
import { encoderFiles, type EncoderPreset } from "../../encoders/presets/preset.ts";
import { listFiles, type ListedFile } from "../../platform/node/files/file-list.ts";
import { readJson } from "../../platform/node/files/read-json.ts";
import { hubFiles } from "../../platform/node/hub/hub-files.ts";
import { hubSettings } from "../../platform/node/hub/hub-settings.ts";
import { listHubFiles } from "../../platform/node/hub/list-hub-files.ts";
import type { EncoderRecord } from "../../protocol/encoder-record.ts";
import type { EncoderChoice, EncoderEffects } from "./encoder-choice.ts";
import { parseEncoderSpec } from "./encoder-spec.ts";

export interface EncoderSource {
  readonly description: EncoderDescription;
  /** Null where the towers come in one number type. */
  readonly precision: Precision | null;
  /** Files of the description are relative to it. */
  readonly directory: string;
  readonly record: Pick<EncoderRecord, "source" | "repository" | "folder" | "revision">;
  /** What a manifest lists of them. */
  readonly files: readonly ListedFile[];
}

export async function encoderSource(choice: EncoderChoice, effects: EncoderEffects): Promise<EncoderSource> {
  const spec = parseEncoderSpec(choice.spec);
  if (spec.kind === "hub") return hubSource(spec.preset, choice, effects);
  if (choice.revision !== undefined) {
    throw badUsage(`--revision is of files on the hub; ${choice.spec} is a folder on this machine`);
  }
  if (spec.kind === "small") {
    const folder = smallTowersFolder();
    return folderSource(folder, null, choice, { source: "package", folder: null });
  }
  const folder = resolve(spec.folder.replace(/^~(?=$|[/\\])/, homedir));
  return folderSource(folder, spec.preset, choice, { source: "folder", folder });
}

/** The same below src/ and dist/. */
function smallTowersFolder(): string {
  return fileURLToPath(new URL("../../../assets/towers", import.meta.url));
}

async function hubSource(
  { hub, description, name }: EncoderPreset,
  { dtype, revision, offline = false }: EncoderChoice,
  { progress, signal, environment }: EncoderEffects,
): Promise<EncoderSource> {
  if (hub === null) throw new Error(`${name} has no repository`);
  const precision = chosenPrecision(description, dtype, name);
  const paths = encoderFiles(description, precision ?? "fp32", hub.externalWeights);
  const settings = hubSettings(environment);
  const { folder, commit } = await hubFiles(
    { name: hub.repository, revision: revision ?? hub.revision },
    paths,
    { ...settings, offline: offline || settings.offline },
    { ...(progress === undefined ? {} : { progress }), ...(signal === undefined ? {} : { signal }) },
  );
  return {
    description,
    precision,
    directory: folder,
    record: { source: "hub", repository: hub.repository, folder: null, revision: commit },
    files: await listHubFiles(folder, paths),
  };
}

async function folderSource(
  directory: string,
  preset: EncoderPreset | null,
  { spec, dtype }: EncoderChoice,
  { source, folder }: Pick<EncoderRecord, "source" | "folder">,
): Promise<EncoderSource> {
  const description = preset?.description ?? (await describedIn(directory, spec));
  const precision = chosenPrecision(description, dtype, spec);
  const paths = encoderFiles(description, precision ?? "fp32");
  const missing = paths.filter((path) => !existsSync(join(directory, ...path.split("/"))));
  if (missing.length > 0) {
    throw badInput(
      `${directory} lacks ${missing.join(", ")}, which ${preset === null ? descriptionFile : `the preset ${preset.alias}`} names; put ${missing.length > 1 ? "them" : "it"} there`,
    );
  }
  // Exporters put the weights of large networks beside them under one of these names.
  const beside = paths
    .filter((path) => path.endsWith(".onnx"))
    .flatMap((path) => [`${path}_data`, `${path}.data`])
    .filter((path) => existsSync(join(directory, ...path.split("/"))));
  const described = preset === null ? [descriptionFile] : [];
  return {
    description,
    precision,
    directory,
    record: { source, repository: null, folder, revision: null },
    files: await listFiles(directory, [...described, ...paths, ...beside]),
  };
}

async function describedIn(directory: string, spec: string): Promise<EncoderDescription> {
  const path = join(directory, descriptionFile);
  if (existsSync(path)) return readJson(path, parseDescription);
  throw badInput(
    existsSync(directory)
      ? `${directory} has no ${descriptionFile}, which says what its networks expect; docs/encoders/description.md describes it`
      : `${directory} does not exist; expected the folder of ${spec}, with ${descriptionFile}, two networks and a tokenizer`,
  );
}

/** What both towers come in; a network without a number type stands for any. */
export function chosenPrecision(
  { image, text }: EncoderDescription,
  wanted: Precision | undefined,
  name: string,
): Precision | null {
  const towers = [image.network, text.network].filter((network) => typeof network !== "string");
  if (towers.length === 0) {
    if (wanted === undefined) return null;
    throw badUsage(`${name} comes in one number type; leave --dtype out`);
  }
  const offered = precisions.filter((precision) =>
    towers.every((network) => network[precision] !== undefined),
  );
  const chosen = offered.find((precision) => wanted === undefined || precision === wanted);
  if (chosen !== undefined) return chosen;
  throw badUsage(
    `${name} does not come in ${wanted ?? "one number type for both towers"}; it comes in ${offered.join(", ") || "none"}`,
  );
}
