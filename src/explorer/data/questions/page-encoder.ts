/** The towers that made the set, run in the page by onnxruntime-web from the site's own files. */
import { badInput } from "../../../base/errors.ts";
import { networkFile, parseDescription } from "../../../encoders/description.ts";
import type { ImageTower, TextTower } from "../../../encoders/encoder.ts";
import { createImageTower, createTextTower, type EncoderFiles } from "../../../encoders/onnx-encoder.ts";
import type { OnnxRuntime } from "../../../encoders/onnx-runtime.ts";
import { rowProblem } from "../../../encoders/row-problem.ts";
import { decodePicture } from "../../../platform/web/decode-picture.ts";
import { createWorkerOnnxRuntime } from "../../../platform/web/worker-onnx-runtime.ts";
import type { SiteQueries } from "../../../protocol/site-queries.ts";
import type { DataSource } from "../data-source.ts";
import { once } from "../once.ts";
import type { FetchMeter } from "./fetch-meter.ts";
import { hubFile, type HubEffects } from "./hub-file.ts";

export interface PageEncoderEffects {
  readonly source: Pick<DataSource, "whole">;
  /** The absolute address of a path below `data/`. */
  readonly address: (path: string) => string;
  readonly hub: HubEffects;
}

export interface PageEncoder {
  /** Fetches what one side needs, unless it is there. */
  open(side: "image" | "text", meter: FetchMeter): Promise<void>;
  /** d numbers; after `open("text")`. */
  text(words: string): Promise<Float32Array>;
  /** d numbers of a picture's file; after `open("image")`. */
  picture(file: Uint8Array<ArrayBuffer>): Promise<Float32Array>;
}

export function pageEncoder(
  { runtime: files, encoder }: SiteQueries,
  { source, address, hub }: PageEncoderEffects,
): PageEncoder {
  const description = parseDescription(encoder.description, "the site's encoder");
  const precision = encoder.dtype ?? "fp32";
  const { image, text, model } = description;
  let meter: FetchMeter;

  const fetched = async (name: string): Promise<Uint8Array<ArrayBuffer>> => {
    const file = encoder.files[name];
    if (file === undefined) throw badInput(`the site lacks ${name} of its model; export it again`);
    if (file.from === "hub") return hubFile(file, hub, meter);
    meter.need(file.bytes);
    return source.whole(file.path, file.bytes, meter.heard);
  };
  /** Read at once, so that it is known how much there is to fetch, and handed over once: a network is large. */
  const readAhead = (...names: readonly string[]): EncoderFiles & { ready: Promise<unknown> } => {
    const read = new Map(names.map((name) => [name, fetched(name)]));
    const take = (name: string): Promise<Uint8Array<ArrayBuffer>> => {
      const bytes = read.get(name) ?? fetched(name);
      read.delete(name);
      return bytes;
    };
    return {
      ready: Promise.all(read.values()),
      network: take,
      text: async (name) => new TextDecoder().decode(await take(name)),
    };
  };
  const runtime = once(async (): Promise<OnnxRuntime> => {
    meter.need(files.wasm.bytes);
    const wasm = await source.whole(files.wasm.path, files.wasm.bytes, meter.heard);
    return createWorkerOnnxRuntime({ module: address(files.module), wasm });
  });
  const towers = {
    image: once(async (): Promise<ImageTower> => {
      const read = readAhead(networkFile(image, precision));
      const [ran] = await Promise.all([runtime(), read.ready]);
      return createImageTower({ description, files: read, runtime: ran, precision });
    }),
    text: once(async (): Promise<TextTower> => {
      const config = text.tokenizerConfig === null ? [] : [text.tokenizerConfig];
      const read = readAhead(networkFile(text, precision), text.tokenizer, ...config);
      const [ran] = await Promise.all([runtime(), read.ready]);
      return createTextTower({ description, files: read, runtime: ran, precision });
    }),
  };
  const usable = (row: Float32Array): Float32Array => {
    const problem = rowProblem(row, 0, row.length);
    if (problem === null) return row;
    throw badInput(`${model} cannot embed what is asked about: ${problem}; ask about something else`);
  };

  return {
    async open(side, heard) {
      meter = heard;
      await towers[side]();
    },
    text: async (words) => usable(await (await towers.text()).run([words])),
    async picture(file) {
      const tower = await towers.image();
      const pixels = await decodePicture(new Blob([file]), { transparency: image.transparency });
      return usable(await tower.run(tower.prepare(pixels), 1));
    },
  };
}
