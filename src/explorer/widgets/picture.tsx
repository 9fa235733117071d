/** A picture of an image row, or a tile with its caption or file name where there is none. */
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import type { Item } from "../data/item-table.ts";

interface PictureProps {
  item: Item | null;
  /** Null: the set has no pictures. */
  address: string | null;
  size: "thumb" | "tile";
}

export function Picture({ item, address, size }: PictureProps): JSX.Element {
  const [broken, setBroken] = useState<string | null>(null);
  const name = item === null ? "" : (item.caption ?? fileName(item.file) ?? `image ${item.row}`);
  if (item === null || address === null || broken === address) {
    return (
      <span class={`picture picture-${size} picture-absent`} title={shortened(name, 300)}>
        <span dir="auto">{shortened(name, 90)}</span>
      </span>
    );
  }
  return (
    <span class={`picture picture-${size}`}>
      <img
        src={address}
        alt={shortened(name, 150)}
        loading="lazy"
        decoding="async"
        draggable={false}
        onError={() => setBroken(address)}
      />
    </span>
  );
}

/** The last part of a path or address. */
export function fileName(file: string | null): string | null {
  return file === null || file === "" ? null : (file.split(/[\\/]/).findLast((part) => part !== "") ?? file);
}

/** At most `length` characters, cut between them and not within one. */
export function shortened(text: string, length: number): string {
  if (text.length <= length) return text;
  const signs = Array.from(text.slice(0, 2 * length + 2));
  return signs.length <= length && text.length <= 2 * length + 2
    ? text
    : `${signs
        .slice(0, length - 1)
        .join("")
        .trimEnd()}…`;
}
