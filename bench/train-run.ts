/**
 * A whole training run on an embedding set, beside overcomplete's on the same rows in the same
 * run: seconds, R², L0 and dead share over all rows and over the held-out tenth.
 *
 * node bench/train-run.ts <set> [--peer <python>] [--concepts 4096] [--k 16] [--epochs 20] [--seed 0] [--json]
 */
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { z } from "zod";
import { trainStudy } from "../src/pipeline/train.ts";
import { createCpuBackend } from "../src/platform/node/cpu-backend.ts";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    peer: { type: "string" },
    concepts: { type: "string", default: "4096" },
    k: { type: "string", default: "16" },
    epochs: { type: "string", default: "20" },
    seed: { type: "string", default: "0" },
    product: { type: "string", default: "auto" },
    json: { type: "boolean", default: false },
  },
});
const [set] = positionals;
if (set === undefined) throw new Error("name an embedding set: node bench/train-run.ts <set>");

const part = z.object({ r2: z.number().nullable(), activePerSample: z.number(), deadFraction: z.number() });
const peerRun = z.object({ seconds: z.number(), all: part, heldOut: part });
type Row = z.infer<typeof peerRun> & { readonly run: string };

/** overcomplete as its defaults have it, then with what Viaduct does by default: centred rows. */
const peers = [
  { run: "overcomplete, raw rows, rate 5e-4", rate: "5e-4", center: "0" },
  { run: "overcomplete, centred, rate 5e-4", rate: "5e-4", center: "1" },
  { run: "overcomplete, centred, rate 2e-3", rate: "2e-3", center: "1" },
];

const scratch = mkdtempSync(join(tmpdir(), "viaduct-train-run-"));
try {
  const { concepts, k, epochs, seed } = values;
  const product = z.enum(["auto", "wasm", "blas"]).parse(values.product);
  const backend = await createCpuBackend({ product });
  const { path, run } = await trainStudy(
    { set, study: join(scratch, "study"), learner: "batch-topk", options: { concepts, k, epochs, seed } },
    { backend, now: () => Date.now() },
  ).finally(() => backend.close());
  const { all, heldOut } = run.metrics;
  if (heldOut === null) throw new Error("the run held no rows out");
  const rows: Row[] = [{ run: `viaduct, ${run.engine.product}`, seconds: run.seconds, all, heldOut }];
  if (values.peer !== undefined) {
    const script = fileURLToPath(new URL("peers/train_run.py", import.meta.url));
    for (const { run: name, rate, center } of peers) {
      const args = [script, set, join(path, "split.safetensors"), concepts, k, epochs, seed, rate, center];
      const output = execFileSync(values.peer, args, {
        encoding: "utf8",
        stdio: ["ignore", "pipe", "ignore"],
      });
      rows.push({ run: name, ...peerRun.parse(JSON.parse(output)) });
    }
  }
  if (values.json) console.log(JSON.stringify(rows));
  else {
    console.table(
      rows.map((row) => ({
        run: row.run,
        seconds: row.seconds.toFixed(1),
        R2: row.all.r2?.toFixed(4) ?? "–",
        L0: row.all.activePerSample.toFixed(2),
        dead: `${(100 * row.all.deadFraction).toFixed(1)} %`,
        "held-out R2": row.heldOut.r2?.toFixed(4) ?? "–",
        "held-out L0": row.heldOut.activePerSample.toFixed(2),
      })),
    );
  }
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
