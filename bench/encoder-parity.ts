/**
 * The parity table: for the tiny towers of every family the smallest cosine between our embeddings and
 * those of transformers (Pillow's processors, PyTorch) over the difficult pictures and captions of
 * test/fixtures/encoders, and as a measure of the differences within Python the smallest cosines to the
 * processors that resize with torchvision and to Pillow before version 13.
 *
 * node bench/encoder-parity.ts [--json]
 */
import { parseArgs } from "node:util";
import { createNodeOnnxRuntime } from "../src/platform/node/onnx-runtime.ts";
import { parityOf, worstOf } from "../test/encoders/parity.ts";
import { expected, familyNames } from "../test/encoders/tiny-towers.ts";

const { values } = parseArgs({ options: { json: { type: "boolean", default: false } } });
const runtime = await createNodeOnnxRuntime({ provider: "cpu" });
const rows = [];
for (const family of familyNames) {
  const { images, texts } = await parityOf(family, runtime);
  const { torchvision, before13 } = expected.families[family];
  rows.push({
    family,
    pictures: images.length,
    "worst picture": worstOf(images)[1].toFixed(7),
    which: worstOf(images)[0],
    "AVIF aside": worstOf(images.filter(([file]) => !file.endsWith(".avif")))[1].toFixed(7),
    captions: texts.length,
    "worst caption": worstOf(texts)[1].toFixed(7),
    torchvision: torchvision.toFixed(6),
    "Pillow < 13": before13.toFixed(6),
  });
}
if (values.json) console.log(JSON.stringify(rows));
else console.table(rows);
