/** JSON files, checked by the caller's schema. */
import { readFile } from "node:fs/promises";
import { badInput } from "../../../base/errors.ts";
import { cannotRead } from "./file-source.ts";

/** Reads and parses a JSON file; `parse` checks its content and returns it typed. */
export async function readJson<T>(
  path: string,
  parse: (value: unknown, name: string) => T,
  name: string = path,
): Promise<T> {
  const text = await readFile(path, "utf8").catch((error: NodeJS.ErrnoException) => {
    throw cannotRead(name, error);
  });
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw badInput(`${name} is no JSON: ${(error as Error).message}; it is damaged or another file.`, error);
  }
  return parse(value, name);
}
