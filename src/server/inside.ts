/** The real path of a file inside a folder, or null: nothing outside a served folder is reachable. */
import { realpath } from "node:fs/promises";
import { isAbsolute, join, relative, sep } from "node:path";

/**
 * `path` uses `/` and comes from outside. Symbolic links are followed first and judged by where
 * they end. Hidden names (leading dot) are not served.
 */
export async function fileInside(root: string, path: string): Promise<string | null> {
  const segments = path.split("/");
  if (segments.some((segment) => !isPlainName(segment))) return null;
  return realFileInside(root, join(root, ...segments));
}

async function realFileInside(root: string, candidate: string): Promise<string | null> {
  try {
    const [realRoot, realFile] = await Promise.all([realpath(root), realpath(candidate)]);
    const rest = relative(realRoot, realFile);
    const inside = rest !== "" && rest !== ".." && !rest.startsWith(`..${sep}`) && !isAbsolute(rest);
    return inside ? realFile : null;
  } catch {
    return null;
  }
}

function isPlainName(segment: string): boolean {
  return segment !== "" && !segment.startsWith(".") && !/[\\\0]/.test(segment);
}
