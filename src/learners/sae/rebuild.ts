/** Prepared rows through a run as it stands: codes by the method's selection, and what they leave unexplained. */
import type { SparseCodes } from "../../base/sparse-codes.ts";
import type { Backend, Floats, Selection } from "../../kernels/backend.ts";
import type { MethodRun } from "./method.ts";
import type { Parameters } from "./parameters.ts";

export interface Rebuilt {
  /** Σ‖x̂ − x‖² over the rows. */
  readonly squaredError: number;
  /** Active codes of all rows. */
  readonly active: number;
}

export interface Rebuilder {
  /** x − x̂ of the rows last given, in the first `rows` rows. */
  readonly unexplained: Floats;
  /** Takes over what training may have changed; call it before the first block after a step. */
  refresh(): Promise<void>;
  /** `data` is rows x d, at most as many rows as the rebuilder was made for. */
  rebuild(data: Float32Array, rows: number): Promise<Rebuilt>;
  free(): void;
}

export function createRebuilder(
  backend: Backend,
  mostRows: number,
  parameters: Parameters,
  run: MethodRun,
): Rebuilder {
  const { dimension, concepts } = parameters;
  const x = backend.floats(mostRows * dimension);
  const unexplained = backend.floats(mostRows * dimension);
  const codes = backend.codes(mostRows, concepts);
  const common = backend.floats(concepts);
  let magnitudes: ((selected: SparseCodes) => SparseCodes) | undefined;
  let selection: Selection = { kind: "positive" };
  return {
    unexplained,
    async refresh() {
      magnitudes = await run.magnitudes?.(backend);
      const asked = run.evaluate();
      if (asked.kind === "common-threshold") {
        backend.write(common, new Float32Array(concepts).fill(asked.threshold));
        selection = { kind: "threshold", thresholds: common };
      } else selection = asked;
    },
    async rebuild(data, rows) {
      backend.write(x, data);
      const { count: active } = await backend.encode({
        x,
        rows,
        dimension,
        encoder: parameters.encoder.values,
        encoderBias: parameters.encoderBias.values,
        concepts,
        selection,
        codes,
      });
      if (magnitudes) backend.writeCodes(codes, magnitudes(await backend.readCodes(codes, rows)));
      const { squaredError } = await backend.reconstruct({
        codes,
        rows,
        dimension,
        atoms: parameters.atoms.values,
        decoderBias: parameters.decoderBias.values,
        target: x,
        residual: unexplained,
        residualScale: -1,
      });
      return { squaredError, active };
    },
    free() {
      backend.free(x, unexplained, codes, common);
    },
  };
}
