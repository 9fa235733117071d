/** How concepts lie to modality: angles, and how well they tell it. */
import type { EmbeddingRows, Modality } from "../../base/rows.ts";
import { byConcept, type SparseCodes } from "../../base/sparse-codes.ts";
import type { Backend } from "../../kernels/backend.ts";
import type { Dictionary } from "../../learners/dictionary.ts";
import { activationAccuracy, directionAccuracy } from "../../metrics/concept-as-classifier.ts";
import { absoluteCosines, modalityDirection } from "../../metrics/direction-cosines.ts";
import { labelledSample, sampleRows, type LabelledSample } from "../../metrics/labelled-sample.ts";
import { modalityProbe, type ModalityProbe } from "../../metrics/modality-probe.ts";
import { modalitySubspace, subspaceNorms, type ModalitySubspace } from "../../metrics/modality-subspace.ts";

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

/** What modality is in an embedding set, whatever the dictionary. */
export interface SetModality {
  readonly sample: LabelledSample;
  readonly direction: Float64Array;
  readonly probe: ModalityProbe;
  readonly subspace: ModalitySubspace;
  /** n of each modality: 1 for rows on which accuracies are measured. */
  readonly heldOut: Readonly<Record<Modality, Uint8Array>>;
}

/** Needs rows of both modalities; `means` are their mean rows. */
export async function setModality(
  set: EmbeddingRows,
  means: Readonly<Record<Modality, Float64Array>>,
  seed: number,
): Promise<SetModality> {
  const { dimension } = set;
  const sampling = { seed, rowsPerModality: sampledRows };
  const sample = await labelledSample(set, sampling);
  const heldOut = (modality: Modality): Uint8Array => {
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
    sample,
    direction: modalityDirection(means.image, means.text),
    probe: modalityProbe(sample, dimension),
    subspace: modalitySubspace(sample, dimension),
    heldOut: { image: heldOut("image"), text: heldOut("text") },
  };
}

export async function modalityGeometry(
  backend: Backend,
  { atoms, concepts, dimension }: Dictionary,
  codes: Readonly<Record<Modality, SparseCodes>>,
  { sample, direction, probe, subspace, heldOut }: SetModality,
): Promise<ModalityGeometry> {
  return {
    directionCosine: absoluteCosines(atoms, concepts, direction),
    probeCosine: absoluteCosines(atoms, concepts, probe.normal),
    subspaceNorm: subspaceNorms(atoms, concepts, dimension, subspace),
    directionAccuracy: await directionAccuracy(backend, sample, atoms, concepts, dimension),
    activationAccuracy: activationAccuracy(
      byConcept(codes.image),
      byConcept(codes.text),
      heldOut.image,
      heldOut.text,
    ),
    probeAccuracy: probe.heldOutAccuracy,
    subspaceRank: subspace.rank,
    subspaceAccuracies: subspace.accuracies,
  };
}
