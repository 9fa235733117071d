/**
 * What turns pictures and texts into rows of one joint embedding space: an image tower and a text
 * tower, each with its own preparation. Preparing (resizing, tokenizing) is separate from running
 * the network, so that pictures can be prepared in worker threads while a batch is being run.
 * Which network runs where is the business of an `OnnxRuntime`.
 */

/** A decoded picture: h x w x 3, 8-bit RGB, row-major, already turned as its EXIF data say. */
export interface Pixels {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array | Uint8ClampedArray;
}

export interface ImageTower {
  /** Numbers in one prepared picture (3 x height x width). */
  readonly inputLength: number;
  /** Resizes, crops, scales and normalises as the reference implementation does: 3 x height x width. */
  prepare(pixels: Pixels): Float32Array;
  /** `count` prepared pictures after each other; returns count x d, scaled to unit length where the description says so. */
  run(inputs: Float32Array, count: number): Promise<Float32Array>;
}

export interface TextTower {
  /** Token numbers as the reference has them, cut to the context length, without padding. */
  prepare(text: string): Int32Array;
  /** Tokenizes, pads and runs; returns texts x d, scaled to unit length where the description says so. */
  run(texts: readonly string[]): Promise<Float32Array>;
}

export interface Encoder {
  /** As embedding sets name it: "openai/clip-vit-base-patch32". */
  readonly model: string;
  /** d, the same for both towers. */
  readonly dimension: number;
  readonly image: ImageTower;
  readonly text: TextTower;
  close(): Promise<void>;
}
