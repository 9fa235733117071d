/**
 * Linear assignment on c x c cosine matrices, beside scipy's linear_sum_assignment on the same
 * matrix in the same run: of random unit rows, and of a dictionary with a permuted, noisy copy of
 * itself. Prints seconds, both optima and the ratio (above 1: faster than scipy).
 *
 * node bench/assignment.ts [--peer <python>] [--concepts 4096] [--dimension 512] [--json]
 */
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { z } from "zod";
import { Random } from "../src/base/random.ts";
import { assign } from "../src/linalg/linear-assignment.ts";
import { cosineMatrix, randomAtoms, type Atoms } from "../src/metrics/stability.ts";
import { createCpuBackend } from "../src/platform/node/cpu-backend.ts";

const { values } = parseArgs({
  options: {
    peer: { type: "string" },
    concepts: { type: "string", default: "4096" },
    dimension: { type: "string", default: "512" },
    json: { type: "boolean", default: false },
  },
});
const concepts = Number(values.concepts);
const dimension = Number(values.dimension);
const peerAnswer = z.object({ seconds: z.number(), total: z.number() });

/** Rows in another order, each turned by noise of 0.8 times its length. */
function noisyCopy(of: Atoms): Atoms {
  const order = Random.of(3, "order").permutation(of.concepts);
  const noise = randomAtoms(of.concepts, of.dimension, 4).atoms;
  const atoms = noise.map((value, e) => {
    const row = order[Math.floor(e / of.dimension)];
    return of.atoms[row * of.dimension + (e % of.dimension)] + 0.8 * value;
  });
  return { ...of, atoms };
}

const backend = await createCpuBackend();
const folder = mkdtempSync(join(tmpdir(), "viaduct-assignment-"));
try {
  const one = randomAtoms(concepts, dimension, 1);
  const cases = { random: randomAtoms(concepts, dimension, 2), "near-matching": noisyCopy(one) };
  const results: Record<string, Record<string, number>> = {};
  for (const [name, other] of Object.entries(cases)) {
    const cosines = await cosineMatrix(backend, one, other);
    const start = performance.now();
    const { total } = assign(cosines, concepts, concepts, { maximize: true });
    const seconds = (performance.now() - start) / 1000;
    results[name] = { seconds, total };
    if (values.peer === undefined) continue;
    const file = join(folder, `${name}.f32`);
    writeFileSync(file, new Uint8Array(cosines.buffer, cosines.byteOffset, cosines.byteLength));
    const script = fileURLToPath(new URL("peers/assignment.py", import.meta.url));
    const printed = execFileSync(values.peer, [script, file, String(concepts), String(concepts)], {
      encoding: "utf8",
    });
    const peer = peerAnswer.parse(JSON.parse(printed));
    if (Math.abs(peer.total - total) > 1e-6 * Math.abs(total)) {
      throw new Error(`${name}: found the total ${total}, scipy ${peer.total}; they should be equal`);
    }
    results[name] = {
      seconds,
      total,
      peerSeconds: peer.seconds,
      peerTotal: peer.total,
      ratio: peer.seconds / seconds,
    };
  }
  if (values.json) console.log(JSON.stringify({ concepts, dimension, ...results }));
  else console.table(results);
} finally {
  rmSync(folder, { recursive: true, force: true });
  await backend.close();
}
