/** The set's embeddings in a site: in memory where they are short, else read by range for every question. */
import type { Modality, RowSource } from "../../../base/rows.ts";
import { bytesInMemory, type ByteSource } from "../../../formats/byte-source.ts";
import { rowsOf } from "../../../formats/matrix.ts";
import { npyMatrix } from "../../../formats/npy.ts";
import type { SiteQueries } from "../../../protocol/site-queries.ts";
import { setLayout } from "../../../protocol/study-layout.ts";
import type { DataSource } from "../data-source.ts";
import { rangedFile } from "../ranged-file.ts";
import type { FetchMeter } from "./fetch-meter.ts";

/** Bytes of both matrices that a page may hold. */
const most = 1 << 28;

export async function setRows(
  source: DataSource,
  sizes: NonNullable<SiteQueries["embeddings"]>,
  meter: FetchMeter,
): Promise<Readonly<Record<Modality, RowSource>>> {
  const held = sizes.image + sizes.text <= most;
  const open = async (path: string, bytes: number): Promise<RowSource> => {
    const file: ByteSource = held
      ? bytesInMemory(path, await source.whole(path, bytes, meter.heard))
      : await rangedFile(source, path);
    return rowsOf(await npyMatrix(file));
  };
  if (held) meter.need(sizes.image + sizes.text);
  const [image, text] = await Promise.all([
    open(`set/${setLayout.images}`, sizes.image),
    open(`set/${setLayout.texts}`, sizes.text),
  ]);
  return { image, text };
}
