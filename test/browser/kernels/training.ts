/** Two training steps with everything turned on, the same in Node and in a browser. */
import { Random } from "../../../src/base/random.ts";
import type { Backend } from "../../../src/kernels/backend.ts";
import { coarse, makeState, readState, trainStep } from "../../../src/kernels/testing/problem.ts";

export const shape = { rows: 70, dimension: 19, concepts: 900 };

export async function train(backend: Backend): Promise<[name: string, values: number[]][]> {
  const state = makeState(backend, shape, 3, true);
  const random = Random.of(3, "browser");
  const result: [string, number[]][] = [];
  for (let step = 3; step <= 4; step++) {
    backend.write(state.encoder.values, coarse(random, state.encoder.values.length));
    backend.write(state.encoderBias.values, coarse(random, state.encoderBias.values.length));
    const rows = coarse(random, shape.rows * shape.dimension);
    const { numbers } = await trainStep(backend, shape, state, rows, step, {
      selection: { kind: "batch-topk", total: 500 },
      auxiliary: true,
      lazy: true,
      clipNorm: 0.01,
    });
    result.push(...Object.entries(numbers).map(([name, value]): [string, number[]] => [name, [value]]));
  }
  for (const [name, values] of await readState(backend, state)) result.push([name, [...values]]);
  await backend.close();
  return result;
}
