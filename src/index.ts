/** Viaduct as a library. */
export { ViaductError, type ErrorCode } from "./base/errors.ts";
export type { Progress, ProgressReport } from "./base/progress.ts";
export type { EmbeddingRows, Modality, PairTable, RowSource } from "./base/rows.ts";
export { rowsInMemory } from "./base/rows.ts";
export type { SparseCodes, SparseColumns } from "./base/sparse-codes.ts";
export { byConcept } from "./base/sparse-codes.ts";
export type { Backend } from "./kernels/backend.ts";
export { createReferenceBackend } from "./kernels/reference/backend.ts";
export type { Dictionary } from "./learners/dictionary.ts";
export type { Learner, Fitted, FitContext } from "./learners/learner.ts";
export { learners, learnerNamed } from "./learners/registry.ts";
export { decodeCodes, encodeRows } from "./learners/codes.ts";
export { toSaelens, fromSaelens } from "./learners/saelens.ts";
export { createCpuBackend, describeEngine, type CpuBackendOptions } from "./platform/node/cpu-backend.ts";
export { importEmbeddings, renderImportReport, type ImportOptions } from "./pipeline/import.ts";
export { embedPictures, type EmbedEffects, type EmbedOptions } from "./pipeline/embed/embed.ts";
export { renderEmbedReport } from "./pipeline/embed/render-report.ts";
export { openEmbeddingSet, type EmbeddingSet } from "./pipeline/embedding-set.ts";
export { openStudy, type Study } from "./pipeline/study.ts";
export {
  openDictionary,
  openSplit,
  readDictionary,
  type StoredDictionary,
} from "./pipeline/dictionary-folder.ts";
export type { DietSpec } from "./pipeline/diet/diet.ts";
export { joinSets, type JoinOptions } from "./pipeline/join/join.ts";
export { sweepStudy, type SweepSpec, type SweepResult } from "./pipeline/sweep/sweep.ts";
export { trainStudy, type TrainSpec, type TrainResult } from "./pipeline/train.ts";
export { analyzeStudy } from "./pipeline/analyze.ts";
export { compareDictionaries, type Comparison } from "./pipeline/compare.ts";
export { startExplorer } from "./server/explorer.ts";
export { embedPicture, embedTexts } from "./pipeline/encoders/embed-one.ts";
export { loadEncoder } from "./pipeline/encoders/load-encoder.ts";
export type { EncoderChoice, EncoderEffects, LoadedEncoder } from "./pipeline/encoders/encoder-choice.ts";
export type { Encoder, ImageTower, Pixels, TextTower } from "./encoders/encoder.ts";
export { encoderPresets } from "./encoders/presets/registry.ts";
