/** What the user asks of an import. The command line's options carry the same names. */
export interface ImportOptions {
  /**
   * Image embeddings: .npy, .npz, .safetensors or Parquet files, or folders of them. Several are
   * shards of one matrix. `file#key` chooses a tensor or column. Default: none.
   */
  readonly images?: readonly string[];
  /** Text embeddings, as `images`. Default: none. One of the two may be left out. */
  readonly texts?: readonly string[];
  /** A clip-retrieval folder (img_emb, text_emb, metadata) instead of the files above. */
  readonly folder?: string;
  /**
   * CSV, TSV, JSON lines or Parquet with one row for each image row: file, caption, source and
   * any further columns; a `row` (or `image_row`) column puts them in order. Default: nothing is known of the rows.
   */
  readonly imageItems?: string;
  /** The same for the text rows. */
  readonly textItems?: string;
  /** Table of image_row, text_row, from 0; an image may have many texts. Default: no pairs. */
  readonly pairs?: string;
  /** Image row i belongs to text row i. Default false; true for a clip-retrieval folder. */
  readonly pairedRows?: boolean;
  /** Folder of the pictures that items name. Default: pictures are neither looked for nor shown. */
  readonly imageRoot?: string;
  /** The model that made the embeddings, as it is to be shown. Default: unknown. */
  readonly model?: string;
  /** Leave out rows with NaN, infinities or zeros only, instead of stopping. Default false. */
  readonly dropInvalid?: boolean;
  /** Folder of the set; it must not exist or be empty. */
  readonly out: string;
  /** Replace an embedding set at `out` that holds nothing else. Default false. */
  readonly force?: boolean;
}

/** Files by role. An item table given for each shard goes with the shard of its place. */
export interface InputFiles {
  readonly images: readonly string[];
  readonly texts: readonly string[];
  readonly imageItems: readonly string[];
  readonly textItems: readonly string[];
  readonly pairs: string | undefined;
  readonly pairedRows: boolean;
  /** Shard i of the images and shard i of the texts are of the same samples. */
  readonly equalShards: boolean;
}
