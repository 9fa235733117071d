/**
 * Codes of all image rows by a finished matching-pursuit dictionary, and with --peer by overcomplete's
 * MpSAE on the same weights in the same run; best of three each.
 *
 * node bench/pursuit.ts <set> <study> <dictionary> [--peer <python>] [--threads 2]
 */
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { encodeBlocks } from "../src/learners/codes.ts";
import { readDictionary } from "../src/pipeline/dictionary-folder.ts";
import { openEmbeddingSet } from "../src/pipeline/embedding-set.ts";
import { createCpuBackend } from "../src/platform/node/cpu-backend.ts";
import { studyLayout } from "../src/protocol/study-layout.ts";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { peer: { type: "string" }, threads: { type: "string", default: "2" } },
});
const [setPath, study, name] = positionals;
if (setPath === undefined || study === undefined || name === undefined) {
  throw new Error("node bench/pursuit.ts <set> <study> <dictionary> [--peer <python>]");
}
const root = join(study, studyLayout.dictionary(name).root);
const dictionary = await readDictionary(root);
const { activation } = dictionary;
if (activation.kind !== "pursuit" || activation.orthogonal) throw new Error(`${name} is no plain pursuit`);
const backend = await createCpuBackend({ threads: Number(values.threads) });
const set = await openEmbeddingSet(setPath);
const { image } = set.embeddings;

let seconds = Infinity;
let active = 0;
for (let turn = 0; turn < 3; turn++) {
  const start = performance.now();
  active = 0;
  for await (const { codes } of encodeBlocks(dictionary, image, "image", backend))
    active += codes.value.length;
  seconds = Math.min(seconds, (performance.now() - start) / 1000);
}
console.log(
  `viaduct (${backend.description.product}, ${values.threads} threads): ${image.rows} rows in ${seconds.toFixed(2)} s, L0 ${(active / image.rows).toFixed(4)}`,
);
await set.close();
await backend.close();

if (values.peer !== undefined) {
  const script = new URL("peers/pursuit.py", import.meta.url).pathname;
  const { status, stdout, stderr } = spawnSync(
    values.peer,
    [
      script,
      `--rows=${join(setPath, "images.npy")}`,
      `--weights=${join(root, "sae_weights.safetensors")}`,
      `--k=${activation.k}`,
      `--threads=${values.threads}`,
    ],
    { encoding: "utf8" },
  );
  if (status !== 0) throw new Error(stderr);
  const peer = JSON.parse(stdout) as { seconds: number; activePerSample: number };
  console.log(
    `overcomplete: ${peer.seconds.toFixed(2)} s, L0 ${peer.activePerSample.toFixed(4)}; ${(peer.seconds / seconds).toFixed(1)} times ours`,
  );
}
