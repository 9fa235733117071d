/** The part of ONNX Runtime that the towers need, so that Node and the browser can each hand in theirs. */

export type OnnxTensor =
  | { readonly type: "float32"; readonly dims: readonly number[]; readonly data: Float32Array }
  | { readonly type: "int64"; readonly dims: readonly number[]; readonly data: BigInt64Array };

export interface OnnxOutput {
  readonly dims: readonly number[];
  readonly data: Float32Array;
}

export interface OnnxSession {
  readonly inputNames: readonly string[];
  readonly outputNames: readonly string[];
  /**
   * Runs the network once and returns the named output. Numbers are converted where the network has
   * other types: int64 to int32, float32 to float16 on the way in and float16 to float32 on the way out.
   */
  run(feeds: Readonly<Record<string, OnnxTensor>>, output: string): Promise<OnnxOutput>;
  close(): Promise<void>;
}

export interface OnnxRuntime {
  /** What runs it, for people: "onnxruntime-node 1.30.0, cpu, 2 threads". */
  readonly description: string;
  /** Opens a network from its bytes, or from a path where the platform has files. */
  open(model: Uint8Array | string): Promise<OnnxSession>;
}
