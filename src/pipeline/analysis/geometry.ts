/** How concepts lie to modality: angles, and how well they tell it. */
import type { EmbeddingRows } from "../../base/rows.ts";
import { byConcept, type SparseCodes } from "../../base/sparse-codes.ts";
import type { Backend } from "../../kernels/backend.ts";
import type { Dictionary } from "../../learners/dictionary.ts";
import { activationAccuracy, directionAccuracy } from "../../metrics/concept-as-classifier.ts";
import { absoluteCosines, modalityDirection } from "../../metrics/direction-cosines.ts";
import { labelledSample, sampleRows } from "../../metrics/labelled-sample.ts";
import { modalityProbe } from "../../metrics/modality-probe.ts";
import { modalitySubspace, subspaceNorms } from "../../metrics/modality-subspace.ts";

/** Rows of each modality that probe, subspace and concept classifiers work on. */
const sampledRows = 4000;

export interface ModalityGeometry {
  readonly directionCosine: Float64Array;
  readonly probeCosine: Float64Array;
  readonly subspaceNorm: Float64Array;
  readonly directionAccuracy: Float64Array;
  readonly activationAccuracy: Float64Array;
  readonly probeAccuracy: number;
  readonly subspaceRank: number;
  readonly subspaceAccuracies: readonly number[];
}

/** Needs rows of both modalities. */
export async function modalityGeometry(
  backend: Backend,
  dictionary: Dictionary,
  set: EmbeddingRows,
  codes: { readonly image: SparseCodes; readonly text: SparseCodes },
  means: { readonly image: Float64Array; readonly text: Float64Array },
  seed: number,
): Promise<ModalityGeometry> {
  const { atoms, concepts, dimension } = dictionary;
  const sampling = { seed, rowsPerModality: sampledRows };
  const sample = await labelledSample(set, sampling);
  const probe = modalityProbe(sample, dimension);
  const subspace = modalitySubspace(sample, dimension);
  const heldOut = (modality: "image" | "text"): Uint8Array => {
    const mask = new Uint8Array(set[modality].rows);
    for (const row of sampleRows(mask.length, `${modality} sample`, {
      ...sampling,
      rowsPerModality: mask.length,
    }).heldOut) {
      mask[row] = 1;
    }
    return mask;
  };
  return {
    directionCosine: absoluteCosines(atoms, concepts, modalityDirection(means.image, means.text)),
    probeCosine: absoluteCosines(atoms, concepts, probe.normal),
    subspaceNorm: subspaceNorms(atoms, concepts, dimension, subspace),
    directionAccuracy: await directionAccuracy(backend, sample, atoms, concepts, dimension),
    activationAccuracy: activationAccuracy(
      byConcept(codes.image),
      byConcept(codes.text),
      heldOut("image"),
      heldOut("text"),
    ),
    probeAccuracy: probe.heldOutAccuracy,
    subspaceRank: subspace.rank,
    subspaceAccuracies: subspace.accuracies,
  };
}
