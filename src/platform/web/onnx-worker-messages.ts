/** What a page and its worker with ONNX Runtime say to each other. */
import type { ErrorCode } from "../../base/errors.ts";
import type { OnnxOutput, OnnxSession, OnnxTensor } from "../../encoders/onnx-runtime.ts";

export type OnnxTask =
  /** First: the address of onnxruntime-web's module, and the bytes of its WebAssembly. */
  | { readonly does: "start"; readonly module: string; readonly wasm: Uint8Array }
  | { readonly does: "open"; readonly model: Uint8Array | string }
  | {
      readonly does: "run";
      readonly session: number;
      readonly feeds: Readonly<Record<string, OnnxTensor>>;
      readonly output: string;
    }
  | { readonly does: "close"; readonly session: number };

export interface OnnxResults {
  /** What runs it, for people. */
  start: string;
  open: { readonly session: number } & Pick<OnnxSession, "inputNames" | "outputNames">;
  run: OnnxOutput;
  close: null;
}

export interface OnnxRequest {
  readonly id: number;
  readonly task: OnnxTask;
}

export type OnnxReply =
  | { readonly id: number; readonly result: OnnxResults[keyof OnnxResults] }
  /** `code` where it is an error of ours. */
  | { readonly id: number; readonly problem: string; readonly code: ErrorCode | null };
