/**
 * Sparse principal components: directions that use few of the d dimensions, from
 * min ½‖X − UV‖² + α·Σ|V| over centred rows X. Atoms are V's rows at unit norm, D; codes the ridge
 * regression z = (DDᵀ + 0.01·I)⁻¹D·(x − μ), signed and dense; x̂ = zᵀD + μ.
 *
 * Zou, Hastie and Tibshirani (2006); objective, start and codes as scikit-learn's `SparsePCA`.
 * Differs: the turns are made on XᵀX (see `sparse-components.ts`).
 */
import { Random } from "../../base/random.ts";
import type { Learner } from "../learner.ts";
import { between, parseOptions, positive, whole } from "../option-values.ts";
import { finished } from "./finished.ts";
import { leastSquaresEncoder } from "./least-squares-encoder.ts";
import { factorizationConfig, factorizationOptions, trainRowsOf } from "./options.ts";
import type { FactorizationConfig } from "./options.ts";
import { stepReporter } from "./report-step.ts";
import { secondMoments } from "./second-moments.ts";
import { sparseComponents } from "./sparse-components.ts";

export interface SparsePcaConfig extends FactorizationConfig {
  /** α */
  readonly l1: number;
  readonly iterations: number;
  readonly tolerance: number;
}

const ridge = 0.01;

export const sparsePca: Learner<SparsePcaConfig> = {
  name: "sparse-pca",
  summary: "principal components that use few dimensions, signed codes",
  family: "factorization",
  activity: () => "all",
  configure(options, set) {
    const own = { l1: positive(), iterations: whole(1), tolerance: between(0, 1) };
    const given = parseOptions({ ...factorizationOptions, ...own }, options, "sparse-pca");
    const most = Math.min(set.dimension, trainRowsOf(set, given.heldOut));
    return {
      ...factorizationConfig("sparse-pca", given, { most, concepts: Math.min(most, 128) }),
      l1: given.l1 ?? 1,
      iterations: given.iterations ?? 1000,
      tolerance: given.tolerance ?? 1e-8,
    };
  },
  async fit(data, config, context) {
    const { concepts, l1, iterations, tolerance, seed } = config;
    const moments = await secondMoments(context.backend, data, config, context);
    const { rows, dimension: d } = moments;
    const report = stepReporter(context, iterations);
    const { components, steps, ended } = sparseComponents({
      products: moments.products,
      dimension: d,
      concepts,
      l1,
      iterations,
      tolerance,
      random: Random.of(seed, "sparse-pca"),
      observe: (step, objective) => report(step, objective / rows),
    });
    const atoms = new Float32Array(concepts * d);
    let empty = 0;
    const unused: number[] = [];
    for (let j = 0; j < concepts; j++) {
      const row = components.subarray(j * d, (j + 1) * d);
      const norm = Math.sqrt(row.reduce((sum, value) => sum + value * value, 0));
      if (norm === 0) unused.push(j);
      else for (let t = 0; t < d; t++) atoms[j * d + t] = row[t] / norm;
      empty += row.filter((value) => value === 0).length;
    }
    const encoder = leastSquaresEncoder(atoms, concepts, d, ridge);
    // An empty component has no direction; its code is 0 on every row.
    for (const j of unused) atoms[j * d] = 1;
    const notes = [`${((100 * empty) / components.length).toFixed(1)} % of the components' entries are 0`];
    if (unused.length > 0) {
      notes.push(
        `${unused.length} of ${concepts} components are empty and never active; lower l1 (now ${l1})`,
      );
    }
    if (ended === "completed") {
      notes.push(`sparse-pca had not converged after ${steps} iterations; raise iterations or tolerance`);
    }
    return finished(moments, { atoms, encoder, activation: { kind: "linear" }, steps, ended, notes });
  },
};
