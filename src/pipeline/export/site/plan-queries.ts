/** What a site takes along so that its page answers questions: found and checked before anything is written. */
import { join } from "node:path";
import { badInput, badUsage } from "../../../base/errors.ts";
import { descriptionFile, type EncoderDescription, type Precision } from "../../../encoders/description.ts";
import { encoderFiles, type EncoderPreset } from "../../../encoders/presets/preset.ts";
import { hubSettings } from "../../../platform/node/hub/hub-settings.ts";
import { onnxWebFiles, type OnnxWebFiles } from "../../../platform/node/onnx-web-files.ts";
import type { TowerFile, TowerPlace } from "../../../protocol/site-queries.ts";
import type { EmbeddingSet } from "../../embedding-set.ts";
import type { EncoderChoice, EncoderEffects } from "../../encoders/encoder-choice.ts";
import { chosenPrecision, encoderSource } from "../../encoders/encoder-source.ts";
import { parseEncoderSpec } from "../../encoders/encoder-spec.ts";
import { requireDimension, requireSameTowers, setEncoderChoice } from "../../query/study-encoder.ts";

export interface QueriesSpec {
  /** Default: in the site; for a model of the hub it has to be said. */
  readonly towers?: TowerPlace;
  /** What embeds questions, as `embed` names it. Default: the model that made the set. */
  readonly model?: string;
  /** Take the embeddings along, so that nearest items are told. Default true. */
  readonly nearest?: boolean;
}

export interface PlannedQueries {
  readonly runtime: OnnxWebFiles;
  /** With the normalisation that the set's rows have. */
  readonly description: EncoderDescription;
  readonly dtype: Precision | null;
  /** By their names in the description: a file to copy, or where on the hub the page finds it. */
  readonly files: ReadonlyMap<string, { readonly from: string } | Extract<TowerFile, { from: "hub" }>>;
  readonly towers: TowerPlace;
  /** Sources beyond the site that the page has to be allowed to fetch from. */
  readonly origins: readonly string[];
  readonly nearest: boolean;
}

export async function planQueries(
  set: EmbeddingSet,
  { towers, model, nearest = true }: QueriesSpec,
  effects: EncoderEffects,
): Promise<PlannedQueries> {
  const runtime = onnxWebFiles();
  const choice = setEncoderChoice(set, model === undefined ? {} : { spec: model });
  const parsed = parseEncoderSpec(choice.spec);
  if (parsed.kind === "hub" && towers === undefined) {
    throw badUsage(
      `${choice.spec} is a model of the hub: say --towers hub, and the page fetches its weights from there when it is first asked, or --towers site to copy them into the site`,
    );
  }
  if (parsed.kind !== "hub" && towers === "hub") {
    throw badUsage(`${choice.spec} is not on the hub; leave --towers out, and it is copied into the site`);
  }
  if (parsed.kind === "hub") requireWholeNetworks(parsed.preset, choice);
  const found =
    parsed.kind === "hub" && towers === "hub"
      ? towersOnHub(set, parsed.preset, choice, model === undefined, effects)
      : await towersInSite(set, choice, model === undefined, effects);
  requireDimension(set, found.description.model, found.description.dimension);
  const description =
    choice.normalize === false ? { ...found.description, normalization: "none" as const } : found.description;
  return { ...found, runtime, description, towers: towers ?? "site", nearest };
}

type FoundTowers = Pick<PlannedQueries, "description" | "dtype" | "files" | "origins">;

async function towersInSite(
  set: EmbeddingSet,
  choice: EncoderChoice,
  bySet: boolean,
  effects: EncoderEffects,
): Promise<FoundTowers> {
  const source = await encoderSource(choice, effects);
  const made = set.manifest.encoder;
  if (bySet && made !== null)
    requireSameTowers(set.path, made, { spec: choice.spec, files: [...source.files] });
  const { description, precision, directory } = source;
  const names = encoderFiles(description, precision ?? "fp32");
  const beside = source.files.find(({ path }) => path !== descriptionFile && !names.includes(path));
  if (beside !== undefined) throw tooLarge(choice.spec, beside.path);
  for (const name of names) requireInFolder(choice.spec, name);
  const files = new Map(names.map((name) => [name, { from: join(directory, ...name.split("/")) }]));
  return { description, dtype: precision, files, origins: [] };
}

/** "./onnx/text.onnx" is "onnx/text.onnx"; folders stay, since names may differ in nothing else. */
export function pathInTowers(name: string): string {
  return name
    .split("/")
    .filter((part) => part !== ".")
    .join("/");
}

/** What is copied gets published: nothing of the machine but the towers. */
function requireInFolder(spec: string, name: string): void {
  if (!name.includes("\\") && name.split("/").every((part) => part !== "" && part !== "..")) return;
  throw badInput(
    `${descriptionFile} of ${spec} names ${name}; expected a path in its own folder, with / between names, since a site publishes the file: move it there and name it so`,
  );
}

function towersOnHub(
  set: EmbeddingSet,
  { name, description, hub }: EncoderPreset,
  { spec, dtype, revision }: EncoderChoice,
  bySet: boolean,
  { environment }: EncoderEffects,
): FoundTowers {
  if (hub === null) throw new Error(`${name} has no repository`);
  const precision = chosenPrecision(description, dtype, name);
  const commit = revision ?? hub.revision;
  if (!/^[0-9a-f]{40}$/.test(commit)) {
    throw badInput(
      `${spec} is taken from the branch ${commit} of its repository, which may change; expected a commit: embed the set anew, or copy the towers with --towers site`,
    );
  }
  const { endpoint } = hubSettings(environment);
  const made = bySet ? set.manifest.encoder : null;
  const known = new Map(made?.files.map((file) => [file.path, file]));
  const files = new Map<string, Extract<TowerFile, { from: "hub" }>>();
  for (const file of encoderFiles(description, precision ?? "fp32")) {
    const recorded = known.get(file);
    files.set(file, {
      from: "hub",
      address: `${endpoint}/${hub.repository}/resolve/${commit}/${file}`,
      bytes: recorded?.bytes ?? null,
      sha256: recorded?.sha256 ?? null,
    });
  }
  return { description, dtype: precision, files, origins: hubOrigins(endpoint) };
}

/** Asked before gigabytes are downloaded. */
function requireWholeNetworks(
  { name, description, hub }: EncoderPreset,
  { spec, dtype }: EncoderChoice,
): void {
  const precision = chosenPrecision(description, dtype, name) ?? "fp32";
  const whole = new Set(encoderFiles(description, precision));
  const beside = encoderFiles(description, precision, hub?.externalWeights).find((file) => !whole.has(file));
  if (beside !== undefined) throw tooLarge(spec, beside);
}

/** The hub sends weights on to its own storage, whose hosts differ by region and change over the years. */
function hubOrigins(endpoint: string): string[] {
  const { origin } = new URL(endpoint);
  return origin === "https://huggingface.co"
    ? [origin, "https://*.huggingface.co", "https://*.hf.co"]
    : [origin];
}

function tooLarge(spec: string, file: string): Error {
  return badInput(
    `${spec} keeps its weights in ${file}, beside the network, which pages cannot run; ask about this study with viaduct explore`,
  );
}
