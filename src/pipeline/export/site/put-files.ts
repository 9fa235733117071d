/** Copies files into a site, the long ones in pieces. */
import { createReadStream } from "node:fs";
import { copyFile, mkdir, stat, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { pieceBytes, piecePath } from "../../../protocol/site-layout.ts";

export interface PutFile {
  /** Paths in the site: one, or those of the pieces. */
  readonly paths: readonly string[];
  readonly bytes: number;
}

export async function putFile(from: string, site: string, path: string): Promise<PutFile> {
  const { size } = await stat(from);
  const target = join(site, path);
  await mkdir(dirname(target), { recursive: true });
  if (size <= pieceBytes) {
    await copyFile(from, target);
    return { paths: [path], bytes: size };
  }
  const paths: string[] = [];
  for (let start = 0; start < size; start += pieceBytes) {
    const piece = piecePath(path, paths.length);
    paths.push(piece);
    await mkdir(dirname(join(site, piece)), { recursive: true });
    const end = Math.min(start + pieceBytes, size) - 1;
    await writeFile(join(site, piece), createReadStream(from, { start, end }));
  }
  return { paths, bytes: size };
}
