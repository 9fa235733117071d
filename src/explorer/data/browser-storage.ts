/** A browser's storage that may be switched off: then it holds nothing, and keeping something fails when it is tried. */

export type BrowserStorage = Pick<Storage, "getItem" | "setItem">;

/** `open` throws where a browser forbids the page to store. */
export function browserStorage(open: () => BrowserStorage): BrowserStorage {
  try {
    return open();
  } catch (cause) {
    return {
      getItem: () => null,
      setItem: () => {
        throw new Error("this browser stores nothing for this page", { cause });
      },
    };
  }
}

/** For what is only a convenience: whether it was kept. */
export function tryToKeep(storage: BrowserStorage, key: string, text: string): boolean {
  try {
    storage.setItem(key, text);
    return true;
  } catch {
    return false;
  }
}
