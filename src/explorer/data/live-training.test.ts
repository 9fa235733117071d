import { describe, expect, it } from "vitest";
import type { DataSource } from "./data-source.ts";
import { LiveTraining } from "./live-training.ts";

function growing() {
  const state = { training: [{ name: "run", log: "dictionaries/run/log.jsonl" }], log: "", read: 0 };
  const bytes = (from: number, to: number): ArrayBuffer =>
    new TextEncoder().encode(state.log.slice(from, to)).buffer;
  const source: Pick<DataSource, "json" | "tail" | "bytes"> = {
    json: async () => ({ training: state.training }),
    tail: async () => ({ size: state.log.length, bytes: new ArrayBuffer(0) }),
    bytes: async (path, start, end) => {
      expect(path).toBe("study/dictionaries/run/log.jsonl");
      state.read += end - start;
      return bytes(start, end);
    },
  };
  return { state, live: new LiveTraining(source) };
}

const columns = async (live: LiveTraining) =>
  (await live.look()).training.map(({ columns }) =>
    Object.fromEntries(Array.from(columns, ([name, values]) => [name, [...values]])),
  );

describe("a run in training", () => {
  it("is read line by line as its log grows, each byte once, half a line when it is whole", async () => {
    const { state, live } = growing();
    expect(await columns(live)).toEqual([{}]);
    state.log = '{"step":1,"loss":4}\n{"step":2,"lo';
    expect(await columns(live)).toEqual([{ step: [1], loss: [4] }]);
    state.log += 'ss":3,"r2":0.5}\n';
    expect(await columns(live)).toEqual([{ step: [1, 2], loss: [4, 3], r2: [NaN, 0.5] }]);
    expect(state.read).toBe(state.log.length);
  });

  it("is begun anew when its log is, and gone when it has ended", async () => {
    const { state, live } = growing();
    state.log = '{"step":1,"loss":4}\n{"step":2,"loss":3}\n';
    await live.look();
    state.log = '{"step":1,"loss":9}\n';
    expect(await columns(live)).toEqual([{ step: [1], loss: [9] }]);
    state.training = [];
    expect(await columns(live)).toEqual([]);
  });
});
