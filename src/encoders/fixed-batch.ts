/**
 * Networks exported for a fixed number of inputs at a time get them in portions of that size, the
 * last one filled up with zeros.
 */
import type { OnnxOutput, OnnxSession, OnnxTensor } from "./onnx-runtime.ts";

/** `batch`: the first dimension of the network's inputs where it is a number; null where it is free. */
export function withFixedBatch(session: OnnxSession, batch: number | null): OnnxSession {
  if (batch === null) return session;
  return {
    ...session,
    async run(feeds, output) {
      const count = Object.values(feeds)[0]?.dims[0] ?? 0;
      if (count === batch) return session.run(feeds, output);
      const parts: OnnxOutput[] = [];
      for (let begin = 0; begin < count; begin += batch) {
        parts.push(await session.run(portion(feeds, begin, batch), output));
      }
      return joined(parts, count);
    },
  };
}

function portion(
  feeds: Readonly<Record<string, OnnxTensor>>,
  begin: number,
  batch: number,
): Record<string, OnnxTensor> {
  return Object.fromEntries(
    Object.entries(feeds).map(([name, { type, dims, data }]) => {
      const width = data.length / dims[0];
      const of = [batch, ...dims.slice(1)];
      if (type === "float32") {
        const part = new Float32Array(batch * width);
        part.set(data.subarray(begin * width, (begin + batch) * width));
        return [name, { type, dims: of, data: part }];
      }
      const part = new BigInt64Array(batch * width);
      part.set(data.subarray(begin * width, (begin + batch) * width));
      return [name, { type, dims: of, data: part }];
    }),
  );
}

function joined(parts: readonly OnnxOutput[], count: number): OnnxOutput {
  const [batch, ...rest] = parts[0].dims;
  const width = parts[0].data.length / batch;
  const data = new Float32Array(count * width);
  parts.forEach((part, at) => {
    const begin = at * batch * width;
    data.set(part.data.subarray(0, data.length - begin), begin);
  });
  return { dims: [count, ...rest], data };
}
