/** The browser's local storage, in memory. */
export function memoryStorage(
  content: Map<string, string> = new Map(),
): Pick<Storage, "getItem" | "setItem"> & { content: Map<string, string> } {
  return {
    content,
    getItem: (key) => content.get(key) ?? null,
    setItem: (key, value) => void content.set(key, value),
  };
}
