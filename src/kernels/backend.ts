/**
 * What a device must be able to do for Viaduct: the dense product, sparse encoding, and the
 * training step's sparse remainder. It is not a tensor library: an operation is here because a
 * learner or a metric needs it to be fast. `reference/` defines what each one means; every other
 * backend has to agree with it (conformance tests, on ragged shapes too) and has to give the same
 * bytes whatever its number of threads.
 *
 * Tensors belong to their backend and are opaque: write to them, run operations, read them back.
 * All matrices are row-major and dense, without padding. Operations run in the order of their
 * calls; await each before reading. Letters: b rows of a batch, d dimensions, c concepts.
 */
import type { SparseCodes } from "../base/sparse-codes.ts";

export interface BackendDescription {
  /** "reference", "cpu" */
  readonly backend: string;
  /** The dense product in use: "plain loops", "wasm relaxed-simd", "openblas 0.3.29". */
  readonly product: string;
  readonly threads: number;
}

export type TensorType = "f32" | "u32";

export interface Tensor<T extends TensorType = TensorType> {
  readonly type: T;
  readonly length: number;
}

export type Floats = Tensor<"f32">;
export type Integers = Tensor<"u32">;

/** Room for sparse codes; it grows when an encoding needs more. */
export interface CodesTensor {
  /** Rows it can hold. */
  readonly maxRows: number;
  readonly concepts: number;
}

/** Which pre-activations p = x·Eᵀ + bias become codes. Codes lie by row, concepts ascending. */
export type Selection =
  /** The `total` largest positive ones of the whole batch; ties go to the lower row, then concept. */
  | { readonly kind: "batch-topk"; readonly total: number }
  /**
   * The k largest of every row, positive ones only unless `signed`; ties go to the lower concept.
   * `skipSelf` leaves out concept `firstRow + row` (for neighbours of a set within itself).
   */
  | {
      readonly kind: "topk";
      readonly k: number;
      readonly signed?: boolean;
      readonly skipSelf?: { readonly firstRow: number };
    }
  /**
   * Those with p > max(θ_j, 0). With `window` w > 0 (JumpReLU's straight-through estimator) also
   * those with |p − θ_j| < w/2 that are not above: they get an explicit value 0.
   */
  | { readonly kind: "threshold"; readonly thresholds: Floats; readonly window?: number }
  /** Those with p > 0. */
  | { readonly kind: "positive" }
  | Pursuit;

/**
 * Up to k concepts, one after the other: the one with the largest correlation q with what is left
 * of the row, as long as that is positive; ties go to the lower concept. q starts at p. Rows of the
 * encoder are atoms of unit norm (it is the dictionary, transposed), G = E·Eᵀ.
 *
 * Plain: the code grows by q_j, then q ← q − q_j·G_j; a concept may be picked again. `orthogonal`:
 * the codes of all picks so far are solved anew, min ½·zᵀG_SS·z − zᵀp_S over z ≥ 0, then
 * q ← p − G_S·z; a concept is picked once, and stays a candidate where its code is 0. A pick that
 * depends linearly on those with a code is left at 0.
 *
 * An auxiliary selection goes on from where the row ended: k plain steps among the listed concepts.
 */
export interface Pursuit {
  readonly kind: "pursuit";
  readonly k: number;
  readonly orthogonal: boolean;
  /** c x c: G. Without it the backend computes what it needs of it, which costs more. */
  readonly gram?: Floats;
  /** Receives the steps of a plain pursuit. */
  readonly picks?: Picks;
}

/** The steps of a plain pursuit in their order, b x k; 0 where a row stopped before k. */
export interface Picks {
  readonly concept: Integers;
  /** What the step added to the code. */
  readonly value: Floats;
}

export interface Encode {
  /** b x d */
  readonly x: Floats;
  readonly rows: number;
  readonly dimension: number;
  /** c x d: row j is the encoder direction of concept j. */
  readonly encoder: Floats;
  /** c */
  readonly encoderBias?: Floats;
  readonly concepts: number;
  readonly selection: Selection;
  /** Receives the codes. */
  readonly codes: CodesTensor;
  /** The k largest positive pre-activations of every row among `count` listed concepts (ascending). */
  readonly auxiliary?: {
    readonly listed: Integers;
    readonly count: number;
    readonly k: number;
    readonly codes: CodesTensor;
  };
}

export interface Encoded {
  /** Stored entries, explicit zeros included. */
  readonly count: number;
  /** The smallest value kept, explicit zeros left out; 0 when nothing is active. */
  readonly smallest: number;
  readonly auxiliaryCount: number;
}

export interface Reconstruct {
  readonly codes: CodesTensor;
  readonly rows: number;
  readonly dimension: number;
  /** c x d */
  readonly atoms: Floats;
  /** d */
  readonly decoderBias?: Floats;
  /** b x d: what the reconstruction is compared with. */
  readonly target: Floats;
  /** b x d, receives `residualScale`·(x̂ − target); may be `target` itself. */
  readonly residual: Floats;
  /** Default 1. With −1 the residual is target − x̂, which is what the auxiliary loss reconstructs. */
  readonly residualScale?: number;
  /**
   * With this, every entry's gradient ∂L/∂z_ij = scale·⟨x̂_i − target_i, D_j⟩ + penalty is kept
   * beside the codes for `update`.
   */
  readonly gradient?: { readonly scale: number; readonly penalty?: number };
}

export interface Reconstructed {
  /** Σ‖x̂ − target‖² over the batch. */
  readonly squaredError: number;
}

/**
 * Back through the steps of a plain pursuit: r_t = r_{t−1} − z_t·D_t with z_t = ⟨r_{t−1}, D_t⟩. For
 * ℓ = ½‖r_k‖² of one row, λ_k = r_k and λ_{t−1} = λ_t − ⟨λ_t, D_t⟩·D_t give
 * −∂ℓ/∂D_t = z_t·λ_t + ⟨λ_t, D_t⟩·r_{t−1}, and −∂ℓ/∂b = λ_0 for a bias b taken off the row.
 */
export interface Unroll {
  readonly codes: CodesTensor;
  readonly picks: Picks;
  /** Steps that `picks` have room for. */
  readonly k: number;
  readonly rows: number;
  readonly dimension: number;
  /** c x d, rows of unit norm */
  readonly atoms: Floats;
  /** b x d: holds r_k (target − x̂), receives λ_0. */
  readonly residual: Floats;
  /** entries x d, in the order of the codes: receives −∂ℓ/∂D. */
  readonly entryGradients: Floats;
}

export interface AdamMoments {
  readonly first: Floats;
  readonly second: Floats;
}

/** One loss's share in the gradients: codes whose gradients `reconstruct` left beside them. */
export interface GradientTerm {
  readonly codes: CodesTensor;
  /** b x d: x̂ − target of that loss. */
  readonly residual: Floats;
  /** The factor `scale` given to `reconstruct`; the atoms' gradient is scale·Σ_i z_ij·residual_i. */
  readonly scale: number;
  /** entries x d, as `unroll` leaves them: the atoms' gradient is scale times their sum instead. */
  readonly entryGradients?: Floats;
}

/**
 * One optimiser step for every parameter. For concept j, over its entries in all terms:
 *   encoder_j ← Adam(Σ g_ij·x_i over active entries), bias_j ← Adam(Σ g_ij),
 *   atom_j ← normalise(Adam(gradient less its component along atom_j)).
 * Adam: m ← β1·m + (1−β1)·g; v ← β2·v + (1−β2)·g²; p ← p − rate·m̂/(√v̂ + ε), with m̂, v̂
 * corrected for `step` (from 1).
 */
export interface Update {
  readonly x: Floats;
  readonly rows: number;
  readonly dimension: number;
  readonly concepts: number;
  readonly terms: readonly GradientTerm[];
  readonly adam: {
    readonly rate: number;
    readonly beta1: number;
    readonly beta2: number;
    readonly epsilon: number;
    readonly step: number;
  };
  /** Left out, with its bias: the encoder is the dictionary and has no gradient of its own. */
  readonly encoder?: { readonly values: Floats; readonly moments: AdamMoments };
  readonly encoderBias?: { readonly values: Floats; readonly moments: AdamMoments };
  readonly atoms: { readonly values: Floats; readonly moments: AdamMoments };
  /** Gradient: the first term's Σ_i scale·residual_i. Left out: no decoder bias is learned. */
  readonly decoderBias?: { readonly values: Floats; readonly moments: AdamMoments };
  /**
   * JumpReLU thresholds (arXiv 2407.14435) under the rectangle kernel of width `bandwidth`:
   * gradient Σ over entries of the first term in the window |p − θ| < bandwidth/2 of
   * −(θ/bandwidth)·g_ij − penalty/bandwidth. Kept ≥ 0.
   */
  readonly thresholds?: {
    readonly values: Floats;
    readonly moments: AdamMoments;
    readonly bandwidth: number;
    readonly penalty: number;
    readonly rate: number;
  };
  /**
   * Concepts without an entry keep parameters and moments as they are until next touched, when
   * the moments first decay by the steps missed. `lastTouched` (c) holds the step of the last touch.
   */
  readonly lazy?: { readonly lastTouched: Integers };
  /** Scales all gradients when their joint norm is above this. Costs a second pass. */
  readonly clipNorm?: number;
  /** c: rows seen since the concept was last active (value > 0 in the first term). */
  readonly rowsSinceActive?: Integers;
}

export interface Updated {
  /** The joint gradient norm before clipping; NaN unless `clipNorm` was given. */
  readonly gradientNorm: number;
}

/**
 * Coordinate descent on many least-squares problems that share one Gram matrix. Row i of `codes`
 * goes from what it holds towards the z that minimises ½ zᵀGz − q_iᵀz + l1·Σ|z_j|, z ≥ 0 where
 * `positive`. Concepts whose G_jj is 0 stay as they are.
 */
export interface LeastSquares {
  /** b x c: Q = X·Dᵀ */
  readonly correlations: Floats;
  /** c x c, symmetric: G = D·Dᵀ */
  readonly gram: Floats;
  /** b x c: where to start; receives the result. */
  readonly codes: Floats;
  readonly rows: number;
  readonly concepts: number;
  readonly l1: number;
  readonly positive: boolean;
  /**
   * `sweeps`: so many cyclic passes over all concepts. `tolerance`: until no coordinate's gradient
   * breaks the optimality conditions by more than tolerance·max_j|q_ij|.
   */
  readonly until: { readonly sweeps: number } | { readonly tolerance: number };
}

export interface LeastSquared {
  /**
   * With `sweeps`: Σ over rows and concepts of the |projected gradient| met on the way (as
   * scikit-learn's NMF adds it up). With `tolerance`: the largest remaining |projected gradient|
   * over max_j|q_ij| of its row, at most `tolerance` unless the row's effort was exhausted.
   */
  readonly violation: number;
  /** With `tolerance`: rows whose violation stayed above it. With `sweeps` 0. */
  readonly unsettled: number;
}

/**
 * One multiplicative update of non-negative numbers (Lee & Seung 2001; Ding, Li & Jordan 2010):
 *   z ← z·q, or z ← z·√(q + 1e-8) with `root`, q = (max(0, a) + below) / (max(0, −a) + above),
 * a denominator of 0 being 2⁻²³.
 */
export interface Rescale {
  /** z, changed in place */
  readonly values: Floats;
  /** a: the correlations with what is approximated */
  readonly along: Floats;
  readonly above: Floats;
  /** Left out: zeros. */
  readonly below?: Floats;
  /** Of each tensor, from its start. */
  readonly length: number;
  readonly root: boolean;
}

export interface Product {
  readonly a: Floats;
  readonly b: Floats;
  readonly out: Floats;
  readonly m: number;
  readonly n: number;
  readonly k: number;
}

export interface Backend {
  readonly description: BackendDescription;

  floats(length: number): Floats;
  integers(length: number): Integers;
  codes(maxRows: number, concepts: number, capacity?: number): CodesTensor;
  /** Copies `values` into the tensor from `offset` (in elements). */
  write(tensor: Floats, values: Float32Array, offset?: number): void;
  write(tensor: Integers, values: Uint32Array, offset?: number): void;
  /** A copy of the tensor, or of `length` elements from `offset`. */
  read(tensor: Floats, offset?: number, length?: number): Promise<Float32Array<ArrayBuffer>>;
  read(tensor: Integers, offset?: number, length?: number): Promise<Uint32Array<ArrayBuffer>>;
  /** A copy of the first `rows` rows of codes; explicit zeros are left out unless a signed selection chose them. */
  readCodes(codes: CodesTensor, rows: number): Promise<SparseCodes>;
  /** Replaces the codes; `gradients` are kept beside the entries as `reconstruct` would, else zeros. */
  writeCodes(codes: CodesTensor, values: SparseCodes, gradients?: Float32Array): void;
  /** What `reconstruct` left beside the entries of the first `rows` rows, explicit zeros included. */
  readGradients(codes: CodesTensor, rows: number): Promise<Float32Array<ArrayBuffer>>;
  free(...tensors: readonly (Tensor | CodesTensor)[]): void;

  /** out (m x n) = a (m x k) · b (n x k)ᵀ. One tensor as a and b, with m = n: out is symmetric to the bit. */
  product(operation: Product): Promise<void>;
  /** out (m x n) = a (k x m)ᵀ · b (k x n): columns with columns. One tensor as both: as `product`. */
  columnProduct(operation: Product): Promise<void>;
  encode(operation: Encode): Promise<Encoded>;
  reconstruct(operation: Reconstruct): Promise<Reconstructed>;
  unroll(operation: Unroll): Promise<void>;
  update(operation: Update): Promise<Updated>;
  leastSquares(operation: LeastSquares): Promise<LeastSquared>;
  rescale(operation: Rescale): Promise<void>;

  /** Ends worker threads; tensors are gone. */
  close(): Promise<void>;
}
