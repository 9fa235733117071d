/** The picture that is asked about, wherever in the page it was dropped. */
import { signal, type ReadonlySignal } from "@preact/signals";
import type { ChosenPicture } from "../data/chosen-picture.ts";

export interface AskedPictureEffects<F> {
  readonly read: (file: F) => Promise<ChosenPicture>;
  /** Frees what shows a picture that is asked about no more. */
  readonly forget: (picture: ChosenPicture) => void;
}

export interface AskedPictureStore<F> {
  readonly picture: ReadonlySignal<ChosenPicture | null>;
  /** Why the last one could not be taken, in one line. */
  readonly problem: ReadonlySignal<string | null>;
  /** Whatever is taken later wins, however long the one before takes to read. */
  take(file: F): Promise<void>;
  clear(): void;
}

export function createAskedPicture<F>({ read, forget }: AskedPictureEffects<F>): AskedPictureStore<F> {
  const picture = signal<ChosenPicture | null>(null);
  const problem = signal<string | null>(null);
  let latest = 0;
  const put = (next: ChosenPicture | null): void => {
    const before = picture.peek();
    picture.value = next;
    if (before !== null) forget(before);
  };
  return {
    picture,
    problem,
    async take(file) {
      const turn = ++latest;
      problem.value = null;
      try {
        const chosen = await read(file);
        if (turn === latest) put(chosen);
        else forget(chosen);
      } catch (error) {
        if (turn === latest) problem.value = error instanceof Error ? error.message : String(error);
      }
    },
    clear() {
      latest++;
      problem.value = null;
      put(null);
    },
  };
}
