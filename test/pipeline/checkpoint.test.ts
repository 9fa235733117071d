/** A checkpoint that cannot be read says so in one line. */
import { writeFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { writeSafetensors } from "../../src/formats/safetensors.ts";
import { readCheckpoint } from "../../src/pipeline/checkpoint.ts";
import { scratch } from "./folders.ts";

const at = scratch();
const identity = { learner: "topk", config: {}, dataHash: "0", product: "wasm" };

describe("a checkpoint", () => {
  it.each([
    [{}, /is no checkpoint of viaduct; remove it/],
    [{ viaduct_run: "{" }, /is damaged \(viaduct_run is no JSON\); remove it to start anew/],
    [
      { viaduct_run: JSON.stringify({ identity, history: [], seconds: "3", startedAt: "", state: {} }) },
      /holds no run that this version can continue \(seconds: .*expected number.*\); remove it to start anew/,
    ],
    [{ viaduct_run: "null" }, /holds no run that this version can continue/],
  ] as [Record<string, string>, RegExp][])("with the metadata %j is refused", async (metadata, message) => {
    const path = at("checkpoint.safetensors");
    await writeFile(path, writeSafetensors({ x: { shape: [1], data: Float32Array.of(0) } }, metadata));
    const error: unknown = await readCheckpoint(path, identity).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: "bad-input", message: expect.stringMatching(message) });
    expect((error as Error).message).not.toContain("\n");
  });
});
