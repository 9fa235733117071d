/** The part of ONNX Runtime that the towers need, so that Node and the browser can each hand in theirs. */

export type OnnxTensor =
  | { readonly type: "float32"; readonly dims: readonly number[]; readonly data: Float32Array }
  | { readonly type: "int64"; readonly dims: readonly number[]; readonly data: BigInt64Array }
  | { readonly type: "int32"; readonly dims: readonly number[]; readonly data: Int32Array };

export interface OnnxSession {
  readonly inputNames: readonly string[];
  readonly outputNames: readonly string[];
  /** Runs the network once and returns the named output, float16 widened to float32. */
  run(
    feeds: Readonly<Record<string, OnnxTensor>>,
    output: string,
  ): Promise<{ readonly dims: readonly number[]; readonly data: Float32Array }>;
  close(): Promise<void>;
}

export interface OnnxRuntime {
  /** What runs it, for people: "onnxruntime-node 1.30.0, cpu, 2 threads". */
  readonly description: string;
  /** Opens a network from its bytes, or from a path where the platform has files. */
  open(model: Uint8Array | string): Promise<OnnxSession>;
}
