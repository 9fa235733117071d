/**
 * Aligned SAE: BatchTopK whose batches hold matched rows, with two penalties on their codes
 * (pair-penalties.ts): L = (1/b)·Σ‖x̂ − x‖² + α·A + β·I (+ the auxiliary loss on dead concepts).
 *
 * Dhimoïla, Fel, Boutin & Picard, "Cross-Modal Redundancy and the Geometry of Vision–Language
 * Embeddings", arXiv 2602.06218. Differs from the code they published: BatchTopK instead of
 * matching pursuit inside; the iso-energy penalty is a ratio of squares over the pairs of a batch
 * and on by default; a part of each batch, not all of it, is paired.
 */
import type { Backend } from "../../kernels/backend.ts";
import { batchTopK } from "./batch-topk.ts";
import type { SaeMethod } from "./method.ts";
import { oneReconstruction, type Objective } from "./objective.ts";
import type { Pairing } from "./own-options.ts";
import { pairPenalties, type PairPenalties } from "./pair-penalties.ts";
import { pairsPerBatch } from "./paired-batches.ts";

export const aligned: SaeMethod = {
  ...batchTopK,
  learner: "aligned",
  summary: "batch-topk with penalties that align the codes of paired rows and their energies",
  usesPairs: true,
  begin(config, parameters, cut) {
    const inner = batchTopK.begin(config, parameters, cut);
    const { pairing, batch } = config;
    if (!pairing) throw new Error("aligned was configured without pairing");
    let last: PairPenalties = { alignment: 0, isoEnergy: 0 };
    return {
      ...inner,
      objective: (backend) =>
        penalised(
          backend,
          oneReconstruction(backend, config, parameters, inner),
          { batch, pairing },
          (penalties) => {
            last = penalties;
          },
        ),
      values: () => ({ ...inner.values(), misalignment: last.alignment, energyDifference: last.isoEnergy }),
      state: () => [...inner.state(), last.alignment, last.isoEnergy],
      restore: (state) => {
        inner.restore(state.slice(0, -2));
        const [alignment, isoEnergy] = state.slice(-2);
        last = { alignment, isoEnergy };
      },
    };
  },
};

/** The loss of one reconstruction with the pairs' penalties on its codes. */
function penalised(
  backend: Backend,
  plain: Objective,
  { batch, pairing }: { readonly batch: number; readonly pairing: Pairing },
  tell: (penalties: PairPenalties) => void,
): Objective {
  const pairs = pairsPerBatch(batch, pairing.share);
  return {
    ...plain,
    async losses(x, codes, step) {
      const losses = await plain.losses(x, codes, step);
      const found = await backend.readCodes(codes, batch);
      const gradients = await backend.readGradients(codes, batch);
      tell(pairPenalties(found, pairs, pairing, gradients));
      backend.writeCodes(codes, found, gradients);
      return losses;
    },
  };
}
