/** The address of a picture for an `<img>`: of a small one first, then, once that is seen, of a larger one. */
import { useEffect, useState } from "preact/hooks";
import type { PictureSize, RowPicture } from "../data/data-source.ts";

export interface PictureState {
  /** Null: not known yet, or there is none. */
  address: string | null;
  /** Set when there is none: why, where the source says so. */
  refused: { reason: string | null } | null;
  /** For the `<img>`. */
  onLoad: () => void;
  onError: () => void;
}

interface Progress {
  key: string;
  /** The size that is shown or waited for, as a place among the sizes. */
  level: number;
  address: string | null;
  refused: { reason: string | null } | null;
}

export function usePicture(
  picture: RowPicture | null,
  sizes: readonly PictureSize[],
  whyNot: (picture: RowPicture, size: PictureSize) => Promise<string | null>,
): PictureState {
  const key = picture?.key ?? "";
  const [kept, setKept] = useState<Progress | null>(null);
  const known = kept !== null && kept.key === key;
  const current: Progress = known ? kept : { key, level: 0, address: null, refused: null };
  const { level } = current;
  const at = picture === null ? null : picture.address(sizes[level] ?? "small");
  const atOnce = typeof at === "string" ? at : null;

  const update = (change: Partial<Progress>): void =>
    setKept((before) => ({
      ...(before !== null && before.key === key ? before : { key, level: 0, address: null, refused: null }),
      ...change,
    }));
  const refuse = (): void => {
    if (picture === null) return;
    update({ address: null, refused: { reason: null } });
    void whyNot(picture, sizes[level] ?? "small").then((reason) => update({ refused: { reason } }));
  };

  useEffect(() => {
    if (at === null || typeof at === "string") return;
    let wanted = true;
    at.then(
      (address) => wanted && update({ address }),
      () => wanted && refuse(),
    );
    return () => {
      wanted = false;
    };
  }, [key, level]);

  return {
    address: current.refused === null ? (atOnce ?? current.address) : null,
    refused: current.refused,
    onLoad: () => {
      if (level + 1 < sizes.length) update({ level: level + 1, address: atOnce ?? current.address });
    },
    onError: refuse,
  };
}
