/** Pictures of a static export: thumbnails read from their packs, shown by addresses of this page alone. */
import { badInput } from "../../base/errors.ts";
import { setLayout } from "../../protocol/study-layout.ts";
import { thumbnailType, type ThumbnailRow, type ThumbnailSize } from "../../protocol/thumbnails.ts";
import type { DataSource, PictureSize, RowPicture } from "./data-source.ts";
import { ParquetTable, numbers } from "./parquet-table.ts";

/** Pictures whose bytes are held for the page; older ones are read again when they are shown again. */
const held = 2000;

const packs = { small: setLayout.thumbnailsSmall, large: setLayout.thumbnailsLarge } as const;
const columns = {
  small: ["smallStart", "smallBytes"],
  large: ["largeStart", "largeBytes"],
} as const satisfies Record<ThumbnailSize, readonly (keyof ThumbnailRow)[]>;

const why = "not part of this export";

export interface PackedPictures {
  /** Reads where they lie. */
  open(): Promise<unknown>;
  picture(row: number, version: string): RowPicture;
}

export function packedPictures(source: Pick<DataSource, "tail" | "bytes">): PackedPictures {
  let table: Promise<ParquetTable> | null = null;
  const addresses = new Map<string, Promise<string>>();

  const open = (): Promise<ParquetTable> => {
    table ??= ParquetTable.open(source, `set/${setLayout.thumbnails}`).catch((error: unknown) => {
      table = null;
      throw error;
    });
    return table;
  };

  const place = async (
    row: number,
    size: ThumbnailSize,
  ): Promise<{ start: number; bytes: number } | null> => {
    const [start, bytes] = await (await open()).readRows(columns[size], [row]);
    const [from, length] = [numbers(start!)[0]!, numbers(bytes!)[0]!];
    return length > 0 ? { start: from, bytes: length } : null;
  };

  const read = async (row: number, size: PictureSize): Promise<string> => {
    const order: ThumbnailSize[] = size === "small" ? ["small", "large"] : ["large", "small"];
    for (const one of order) {
      const found = await place(row, one);
      if (found === null) continue;
      const file = await source.bytes(`set/${packs[one]}`, found.start, found.start + found.bytes);
      return URL.createObjectURL(await pictureOf(file));
    }
    throw badInput(why);
  };

  const address = (row: number, size: PictureSize): Promise<string> => {
    // There is nothing above the large ones.
    const key = `${row}/${size === "small" ? "small" : "large"}`;
    const known = addresses.get(key);
    const asked = known ?? read(row, size);
    if (known === undefined) asked.catch(() => addresses.delete(key));
    addresses.delete(key);
    addresses.set(key, asked);
    forgetOldest();
    return asked;
  };

  const forgetOldest = (): void => {
    if (addresses.size <= held) return;
    const [key, oldest] = addresses.entries().next().value!;
    addresses.delete(key);
    void oldest.then((url) => URL.revokeObjectURL(url)).catch(() => {});
  };

  const picture = (row: number, version: string): RowPicture => ({
    key: `${row}/${version}`,
    address: (size) => address(row, size),
    whyNot: () =>
      address(row, "small").then(
        () => null,
        (error: unknown) => (error instanceof Error ? error.message : null),
      ),
  });
  return { open, picture };
}

async function pictureOf(file: ArrayBuffer): Promise<Blob> {
  const { type, gzip } = thumbnailType(new Uint8Array(file));
  if (!gzip) return new Blob([file], { type });
  const drawing = new Blob([file]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Blob([await new Response(drawing).arrayBuffer()], { type });
}
