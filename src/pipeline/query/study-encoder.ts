/**
 * The model that made a set's rows, ready for a query: by the set's own record, by the model that the
 * user named on import, or as the query says.
 */
import { badInput } from "../../base/errors.ts";
import { presetNamed } from "../../encoders/presets/registry.ts";
import type { EncoderRecord } from "../../protocol/encoder-record.ts";
import type { EncoderChoice, EncoderEffects, LoadedEncoder } from "../encoders/encoder-choice.ts";
import { embedPicture, embedTexts } from "../encoders/embed-one.ts";
import { loadEncoder } from "../encoders/load-encoder.ts";
import { rowProblem } from "../../encoders/row-problem.ts";
import type { EmbeddingSet } from "../embedding-set.ts";
import type { QueryEncoder } from "./query-input.ts";

/** What a query may say about the encoder; `spec` instead of the one that made the set. */
export type StudyEncoderChoice = Partial<Omit<EncoderChoice, "normalize">>;

export interface StudyEncoder extends QueryEncoder {
  readonly loaded: LoadedEncoder;
  close(): Promise<void>;
}

export async function openStudyEncoder(
  set: EmbeddingSet,
  choice: StudyEncoderChoice = {},
  effects: EncoderEffects = {},
): Promise<StudyEncoder> {
  const loaded = await loadEncoder(setEncoderChoice(set, choice), effects);
  const { encoder, record } = loaded;
  try {
    requireDimension(set, record.model, encoder.dimension);
    if (choice.spec === undefined && set.manifest.encoder !== null) {
      requireSameTowers(set.path, set.manifest.encoder, record);
    }
  } catch (error) {
    await encoder.close();
    throw error;
  }
  return {
    loaded,
    text: async (text) => usable(await embedTexts(loaded, [text]), record),
    picture: async (file) => usable(await embedPicture(loaded, file), record),
    close: () => encoder.close(),
  };
}

/** As `embed` leaves such rows out, a query cannot be about one. */
function usable(row: Float32Array, { model, dtype }: EncoderRecord): Float32Array {
  const problem = rowProblem(row, 0, row.length);
  if (problem === null) return row;
  throw badInput(
    `${model}${dtype === null ? "" : ` in ${dtype}`} cannot embed what is asked about: ${problem}; ask about something else, or take another --dtype`,
  );
}

export function requireDimension(set: EmbeddingSet, model: string, dimension: number): void {
  if (dimension === set.embeddings.dimension) return;
  throw badInput(
    `${model} gives ${dimension} dimensions; the set ${set.path} has ${set.embeddings.dimension}: name the model that made it with --model`,
  );
}

/** What was said of the encoder, and for all else the one that made the set. */
export function setEncoderChoice(
  { path, manifest }: EmbeddingSet,
  { spec, ...further }: StudyEncoderChoice,
): EncoderChoice {
  const made = manifest.encoder;
  // Rows of imported sets say by their norms whether they were scaled.
  const normalize = made === null ? unitNorms(manifest) : made.normalization === "l2";
  if (spec !== undefined) return { spec, ...further, normalize };
  if (made !== null) {
    const { dtype, revision } = made;
    return {
      spec: made.folder === null ? made.spec : specOfFolder(made),
      ...(dtype === null ? {} : { dtype }),
      ...(revision === null ? {} : { revision }),
      ...further,
      normalize,
    };
  }
  if (manifest.model !== null && presetNamed(manifest.model) !== undefined) {
    return { spec: manifest.model, ...further, normalize };
  }
  throw badInput(
    `the set ${path} ${manifest.model === null ? "names no model" : `is of the model "${manifest.model}", which is none that Viaduct knows`}; say with --model what embeds new texts and pictures, or ask about a row of the set`,
  );
}

/** A folder is kept as an absolute path, so that a query finds it from anywhere. */
function specOfFolder({ spec, folder }: EncoderRecord): string {
  const preset = spec.includes(":") ? spec.slice(0, spec.indexOf(":")) : "onnx";
  return `${presetNamed(preset) === undefined ? "onnx" : preset}:${folder!}`;
}

function unitNorms({ report }: EmbeddingSet["manifest"]): boolean {
  const norms = report.image.norms ?? report.text.norms;
  return norms === null || Math.abs(norms.mean - 1) < 1e-3;
}

export function requireSameTowers(
  path: string,
  made: EncoderRecord,
  now: Pick<EncoderRecord, "spec" | "files">,
): void {
  const hashes = new Map(made.files.map((file) => [file.path, file.sha256]));
  const changed = now.files.find((file) => hashes.get(file.path) !== file.sha256);
  if (changed === undefined) return;
  throw badInput(
    `${changed.path} of ${now.spec} is not the file that made the set ${path}; put the old one back, or say --model ${now.spec} to use it all the same`,
  );
}
