/** A picture of an image row, or a tile that says what it is of and why it cannot be seen. */
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import type { Item } from "../data/item-table.ts";
import { fileName } from "../stores/concept-name.ts";
import { Icon } from "./icon.tsx";

interface PictureProps {
  item: Item | null;
  /** Null: the set has no pictures. */
  address: string | null;
  size: "thumb" | "tile";
}

export function Picture({ item, address, size }: PictureProps): JSX.Element {
  const [broken, setBroken] = useState<string | null>(null);
  if (item === null) return <span class={`picture picture-${size}`} />;
  const name = item.caption ?? fileName(item.file) ?? `image row ${item.row}`;
  const problem = pictureProblem(item, address, broken !== null && broken === address);
  if (problem !== null || address === null) {
    return (
      <span
        class={`picture picture-${size} picture-absent`}
        title={shortened(`${name}\n${problem}${item.file === null ? "" : `\n${item.file}`}`, 400)}
      >
        {size === "thumb" ? (
          <Icon name="pictures" />
        ) : (
          <>
            {item.caption !== null && (
              <span class="picture-caption" dir="auto">
                {shortened(item.caption, 60)}
              </span>
            )}
            <span class="picture-problem">{problem}</span>
          </>
        )}
      </span>
    );
  }
  return (
    <span class={`picture picture-${size}`}>
      <img
        src={address}
        alt={shortened(name, 150)}
        title={size === "tile" ? shortened(name, 300) : undefined}
        loading="lazy"
        decoding="async"
        draggable={false}
        onError={() => setBroken(address)}
      />
    </span>
  );
}

/** Why a picture cannot be shown, or null. `refused`: the server was asked and had none. */
function pictureProblem(item: Item, address: string | null, refused: boolean): string | null {
  if (item.file === null || item.file === "") return "no file named";
  if (/^[a-z][a-z0-9+.-]+:\/\//i.test(item.file)) return `on the web, not fetched: ${fileName(item.file)}`;
  if (address === null) return `no picture folder: ${fileName(item.file)}`;
  return refused ? `not found: ${shortened(fileName(item.file)!, 48)}` : null;
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
