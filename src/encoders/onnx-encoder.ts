/** Any pair of ONNX towers behind the interface of an encoder, as a description says. */
import { badInput } from "../base/errors.ts";
import { networkFile, type EncoderDescription, type Precision } from "./description.ts";
import type { Encoder, ImageTower, TextTower } from "./encoder.ts";
import { createImagePreparation } from "./image-preparation.ts";
import type { OnnxOutput, OnnxRuntime, OnnxSession, OnnxTensor } from "./onnx-runtime.ts";
import { poolRows } from "./pooling.ts";
import { createTokenizer } from "./tokenizer.ts";

/** Gives the files that a description names; where they come from is the caller's business. */
export interface EncoderFiles {
  /** A network as the runtime takes it: its bytes, or a path, beside which external weights are found. */
  network(name: string): Promise<Uint8Array | string>;
  /** The text of a JSON file. */
  text(name: string): Promise<string>;
}

export interface OnnxEncoderOptions {
  readonly description: EncoderDescription;
  readonly files: EncoderFiles;
  readonly runtime: OnnxRuntime;
  /** Which of the networks of a description to take where it has several; fp32 without it. */
  readonly precision?: Precision;
}

/** Reads the tokenizer at once; each network is opened when its tower first runs. */
export async function createOnnxEncoder(options: OnnxEncoderOptions): Promise<Encoder> {
  const { model, dimension } = options.description;
  const image = createImageTower(options);
  const text = await createTextTower(options);
  return {
    model,
    dimension,
    image,
    text,
    async close() {
      await Promise.all([image.close(), text.close()]);
    },
  };
}

interface Closable {
  close(): Promise<void>;
}

/** The image tower alone, where no text is needed. */
export function createImageTower(options: OnnxEncoderOptions): ImageTower & Closable {
  const { image, dimension, normalization } = options.description;
  const inputLength = 3 * image.height * image.width;
  const network = openOnce(options, image);
  return {
    inputLength,
    prepare: createImagePreparation(image),
    async run(inputs, count) {
      if (inputs.length !== count * inputLength) {
        throw badInput(
          `${count} prepared pictures come with ${inputs.length} numbers; expected ${count * inputLength}`,
        );
      }
      if (count === 0) return new Float32Array(0);
      const feeds: Record<string, OnnxTensor> = {
        [image.input]: { type: "float32", dims: [count, 3, image.height, image.width], data: inputs },
      };
      const session = await network.open();
      const output = await runNetwork(session, feeds, image.output, network.file);
      const rows = pooled(output, { count, dimension, file: network.file, pooling: image.pooling });
      return normalization === "l2" ? toUnitLength(rows, dimension) : rows;
    },
    close: () => network.close(),
  };
}

/** The text tower alone, where no picture is needed. */
export async function createTextTower(options: OnnxEncoderOptions): Promise<TextTower & Closable> {
  const { text, dimension, normalization } = options.description;
  const { files } = options;
  const prepare = createTokenizer(text, {
    tokenizer: await files.text(text.tokenizer),
    config: text.tokenizerConfig === null ? null : await files.text(text.tokenizerConfig),
  });
  const network = openOnce(options, text);
  return {
    prepare,
    async run(texts) {
      const count = texts.length;
      if (count === 0) return new Float32Array(0);
      const numbers = texts.map(prepare);
      const length =
        text.padding === "max" ? text.contextLength : Math.max(...numbers.map((tokens) => tokens.length));
      const tokens = new BigInt64Array(count * length).fill(BigInt(text.padToken));
      const mask = new BigInt64Array(count * length);
      for (const [row, list] of numbers.entries()) {
        for (const [at, token] of list.entries()) tokens[row * length + at] = BigInt(token);
        mask.fill(1n, row * length, row * length + list.length);
      }
      const dims = [count, length];
      const session = await network.open();
      const feeds: Record<string, OnnxTensor> = { [text.input]: { type: "int64", dims, data: tokens } };
      if (session.inputNames.includes(text.mask)) {
        feeds[text.mask] = { type: "int64", dims, data: mask };
      }
      const output = await runNetwork(session, feeds, text.output, network.file);
      const rows = pooled(output, {
        count,
        dimension,
        file: network.file,
        pooling: text.pooling,
        tokens: { numbers, end: text.endToken },
      });
      return normalization === "l2" ? toUnitLength(rows, dimension) : rows;
    },
    close: () => network.close(),
  };
}

interface Network {
  readonly file: string;
  open(): Promise<OnnxSession>;
  close(): Promise<void>;
}

function openOnce(
  { files, runtime, precision = "fp32" }: OnnxEncoderOptions,
  tower: { readonly network: EncoderDescription["image"]["network"] },
): Network {
  const file = networkFile(tower, precision);
  let session: Promise<OnnxSession> | null = null;
  return {
    file,
    async open() {
      session ??= files.network(file).then((model) => runtime.open(model));
      try {
        return await session;
      } catch (error) {
        session = null;
        throw error;
      }
    },
    async close() {
      await (await session)?.close();
      session = null;
    },
  };
}

async function runNetwork(
  session: OnnxSession,
  feeds: Record<string, OnnxTensor>,
  output: string | null,
  file: string,
): Promise<OnnxOutput> {
  const wanted = Object.keys(feeds);
  const missing = session.inputNames.filter((name) => !wanted.includes(name));
  const unknown = wanted.filter((name) => !session.inputNames.includes(name));
  if (missing.length > 0 || unknown.length > 0) {
    throw badInput(
      `${file} takes ${session.inputNames.join(", ")}, and the description gives ${wanted.join(", ")}; name its inputs in the description`,
    );
  }
  const [only, ...others] = session.outputNames;
  const found = output === null && others.length === 0 ? only : output;
  if (found === undefined || found === null || !session.outputNames.includes(found)) {
    throw badInput(
      `${file} has ${output === null ? "several outputs" : `no output "${output}"`}; it has ${session.outputNames.join(", ")}: name one of them in the description`,
    );
  }
  return session.run(feeds, found);
}

interface PoolOptions {
  readonly count: number;
  readonly dimension: number;
  readonly file: string;
  readonly pooling: EncoderDescription["text"]["pooling"];
  readonly tokens?: { readonly numbers: readonly Int32Array[]; readonly end: number | null };
}

function pooled(output: OnnxOutput, { count, dimension, file, pooling, tokens }: PoolOptions): Float32Array {
  const rank = pooling === "none" ? 2 : 3;
  const { dims, data } = output;
  if (dims.length !== rank || dims[0] !== count || dims[rank - 1] !== dimension) {
    throw badInput(
      `${file} gives ${dims.join(" x ")} numbers for ${count} inputs; expected ${count} x ${rank === 2 ? "" : "tokens x "}${dimension}: check output, pooling and dimension of the description`,
    );
  }
  return pooling === "none" ? data : poolRows(data, dims[1], dimension, pooling, tokens);
}

function toUnitLength(rows: Float32Array, dimension: number): Float32Array {
  const out = new Float32Array(rows.length);
  for (let begin = 0; begin < rows.length; begin += dimension) {
    let sum = 0;
    for (let i = begin; i < begin + dimension; i++) sum += rows[i] * rows[i];
    const scale = sum > 0 ? 1 / Math.sqrt(sum) : 0;
    for (let i = begin; i < begin + dimension; i++) out[i] = rows[i] * scale;
  }
  return out;
}
