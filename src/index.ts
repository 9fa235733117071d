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
