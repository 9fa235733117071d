/** The folder that a user names for output: what lies there already, and making it. */
import { mkdir, readdir } from "node:fs/promises";
import { badInput } from "../../../base/errors.ts";

/** Names in the folder `path`, sorted; none when it does not exist. `name` is what messages call it. */
export async function entriesAt(path: string, name: string): Promise<string[]> {
  try {
    return (await readdir(path)).sort();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw noPlace(name, error as NodeJS.ErrnoException);
  }
}

/** Makes the folder and those above it. */
export async function makeFolder(path: string, name: string): Promise<void> {
  await mkdir(path, { recursive: true }).catch((error: NodeJS.ErrnoException) => {
    throw noPlace(name, error);
  });
}

function noPlace(name: string, error: NodeJS.ErrnoException): Error {
  const { code } = error;
  if (code === "ENOTDIR" || code === "EEXIST") {
    return badInput(
      `${name} is a file or lies below one; expected a folder: name another place with --out`,
      error,
    );
  }
  if (code === "EACCES" || code === "EPERM" || code === "EROFS") {
    return badInput(
      `${name} cannot be written (${code}); expected a folder of yours: correct its permissions, or name another place with --out`,
      error,
    );
  }
  return badInput(`${name} cannot be used: ${error.message}; name another place with --out`, error);
}
