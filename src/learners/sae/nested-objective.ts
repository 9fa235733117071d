/**
 * The loss of nested dictionaries: (1/b)·Σ_m ‖x̂_m − x‖², x̂_m the reconstruction by the codes of the
 * first m concepts, over all prefix widths m₁ < … < m_G = c (arXiv 2503.17547).
 *
 * Codes are cut into the G disjoint blocks between the widths. With r_g = x̂_{m_g} − x, a code of
 * block h is part of all reconstructions from h on, so its gradient is (2/b)·⟨R_h, D_j⟩, that of its
 * atom (2/b)·z·R_h with R_h = Σ_{g ≥ h} r_g, and R_1 is the gradient of the decoder bias.
 */
import { Random } from "../../base/random.ts";
import type { SparseCodes } from "../../base/sparse-codes.ts";
import type { Backend, GradientTerm } from "../../kernels/backend.ts";
import type { SaeConfig } from "./config.ts";
import type { Objective } from "./objective.ts";
import type { Parameters } from "./parameters.ts";

const sampledPrefixes = 4;
/** The narrowest sampled width, as a share of all concepts. */
const narrowest = 1 / 64;

/** The widths of a step, ascending, the last one `concepts`. */
export function prefixesOf({ prefixes, concepts, seed }: SaeConfig, step: number): readonly number[] {
  if (prefixes === null) return [concepts];
  if (prefixes !== "sampled") return prefixes;
  const random = Random.of(seed, `prefixes of step ${step}`);
  const drawn = Array.from({ length: sampledPrefixes }, () =>
    Math.ceil(concepts * narrowest ** random.uniform()),
  );
  return [...new Set([...drawn, concepts])].sort((a, b) => a - b);
}

export function nestedObjective(backend: Backend, config: SaeConfig, parameters: Parameters): Objective {
  const rows = config.batch;
  const { dimension, concepts } = parameters;
  const most = config.prefixes === "sampled" ? sampledPrefixes + 1 : (config.prefixes?.length ?? 1);
  const blocks = Array.from({ length: most }, () => ({
    codes: backend.codes(rows, concepts),
    residual: backend.floats(rows * dimension),
  }));
  const target = backend.floats(rows * dimension);
  const unexplained = backend.floats(rows * dimension);
  const scale = 2 / rows;
  return {
    splitsCodes: true,
    async losses(x, codes, step) {
      const widths = prefixesOf(config, step);
      const parts = cutByConcept(await backend.readCodes(codes, rows), widths);
      const common = { rows, dimension, atoms: parameters.atoms.values };
      let squaredError = 0;
      /** x − x̂ of every prefix. */
      const left: Float32Array[] = [];
      for (const [h, part] of parts.entries()) {
        backend.writeCodes(blocks[h].codes, part);
        const rebuilt = await backend.reconstruct({
          ...common,
          codes: blocks[h].codes,
          ...(h === 0 && { decoderBias: parameters.decoderBias.values }),
          target: h === 0 ? x : unexplained,
          residual: unexplained,
          residualScale: -1,
        });
        ({ squaredError } = rebuilt);
        left.push(await backend.read(unexplained));
      }
      const terms: GradientTerm[] = [];
      const sum = new Float32Array(rows * dimension);
      const wanted = new Float32Array(rows * dimension);
      for (let h = widths.length - 1; h >= 0; h--) {
        // What block h alone adds to x̂, less R_h: reconstructing that leaves R_h.
        const before = h === 0 ? await withoutBias(backend, parameters, x, dimension) : left[h - 1];
        for (let t = 0; t < sum.length; t++) {
          sum[t] -= left[h][t];
          wanted[t] = before[t] - left[h][t] - sum[t];
        }
        backend.write(target, wanted);
        const { codes: block, residual } = blocks[h];
        await backend.reconstruct({ ...common, codes: block, target, residual, gradient: { scale } });
        terms.unshift({ codes: block, residual, scale });
      }
      return { squaredError, unexplained, terms };
    },
    free() {
      backend.free(target, unexplained, ...blocks.flatMap(({ codes, residual }) => [codes, residual]));
    },
  };
}

async function withoutBias(
  backend: Backend,
  { decoderBias }: Parameters,
  x: Parameters["decoderBias"]["values"],
  d: number,
): Promise<Float32Array> {
  const bias = await backend.read(decoderBias.values);
  return (await backend.read(x)).map((value, t) => value - bias[t % d]);
}

/** The codes of concepts below each width that are not below the one before. */
function cutByConcept(codes: SparseCodes, widths: readonly number[]): SparseCodes[] {
  return widths.map((to, h) => {
    const from = h === 0 ? 0 : widths[h - 1];
    const rowStart = new Uint32Array(codes.rows + 1);
    const kept: number[] = [];
    for (let i = 0; i < codes.rows; i++) {
      for (let e = codes.rowStart[i]; e < codes.rowStart[i + 1]; e++) {
        if (codes.concept[e] >= from && codes.concept[e] < to) kept.push(e);
      }
      rowStart[i + 1] = kept.length;
    }
    return {
      rows: codes.rows,
      concepts: codes.concepts,
      rowStart,
      concept: Uint32Array.from(kept, (e) => codes.concept[e]),
      value: Float32Array.from(kept, (e) => codes.value[e]),
    };
  });
}
