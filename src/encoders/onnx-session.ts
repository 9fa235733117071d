/**
 * A session of ONNX Runtime's JavaScript interface, the same in Node and in the browser, as the towers
 * use it. Numbers are converted where a network has other types than the towers give and take.
 */
import { badInput } from "../base/errors.ts";
import { withFixedBatch } from "./fixed-batch.ts";
import { narrowToHalves, widenHalves } from "../formats/float16.ts";
import type { OnnxOutput, OnnxSession, OnnxTensor } from "./onnx-runtime.ts";

/** The part of `onnxruntime-common` that is used. */
export interface OrtSession {
  readonly inputNames: readonly string[];
  readonly outputNames: readonly string[];
  /** Absent before version 1.21. */
  readonly inputMetadata?: readonly {
    readonly name: string;
    readonly isTensor: boolean;
    readonly type?: string;
    readonly shape?: readonly (number | string)[];
  }[];
  run(feeds: Record<string, OrtTensor>, fetches: readonly string[]): Promise<Record<string, OrtTensor>>;
  release(): Promise<void>;
}

export interface OrtTensor {
  readonly type: string;
  readonly dims: readonly number[];
  readonly data: unknown;
  dispose(): void;
}

type MakeTensor = (
  type: "float32" | "float16" | "int32" | "int64",
  data: Float32Array | Uint16Array | Int32Array | BigInt64Array,
  dims: readonly number[],
) => OrtTensor;

export function wrapSession(session: OrtSession, makeTensor: MakeTensor): OnnxSession {
  const types = new Map(session.inputMetadata?.map((input) => [input.name, input.type]));
  const first = session.inputMetadata?.[0]?.shape?.[0];
  const whole: OnnxSession = {
    inputNames: session.inputNames,
    outputNames: session.outputNames,
    async run(feeds, output) {
      const inputs: Record<string, OrtTensor> = {};
      for (const [name, tensor] of Object.entries(feeds)) {
        inputs[name] = asInput(tensor, types.get(name), makeTensor);
      }
      const outputs = await session.run(inputs, [output]);
      try {
        return asOutput(outputs[output], output);
      } finally {
        for (const tensor of [...Object.values(inputs), ...Object.values(outputs)]) tensor.dispose();
      }
    },
    close: () => session.release(),
  };
  return withFixedBatch(whole, typeof first === "number" && first > 0 ? first : null);
}

function asInput(tensor: OnnxTensor, wanted: string | undefined, makeTensor: MakeTensor): OrtTensor {
  if (tensor.type === "float32" && wanted === "float16") {
    const halves = new Uint16Array(tensor.data.length);
    narrowToHalves(tensor.data, halves);
    return makeTensor("float16", halves, tensor.dims);
  }
  if (tensor.type === "int64" && wanted === "int32") {
    return makeTensor("int32", Int32Array.from(tensor.data, Number), tensor.dims);
  }
  return makeTensor(tensor.type, tensor.data, tensor.dims);
}

/** A copy: the runtime may reuse its own memory. */
function asOutput(tensor: OrtTensor | undefined, name: string): OnnxOutput {
  const dims = [...(tensor?.dims ?? [])];
  const { type, data } = tensor ?? {};
  if (type === "float32" && data instanceof Float32Array) return { dims, data: data.slice() };
  if (type === "float16" && ArrayBuffer.isView(data)) {
    const bits = new Uint16Array(data.buffer, data.byteOffset, data.byteLength / 2);
    const wide = new Float32Array(bits.length);
    widenHalves(bits, wide);
    return { dims, data: wide };
  }
  throw badInput(
    `the network's output "${name}" is ${type ?? "absent"}; expected float32 or float16 numbers`,
  );
}
