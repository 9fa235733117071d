/** A picture of an image row, or a tile that says what it is of and why it cannot be seen. */
import "./picture.css";
import type { JSX } from "preact";
import { isWebAddress } from "../../base/web-address.ts";
import type { PictureSize, RowPicture } from "../data/data-source.ts";
import type { Item } from "../data/item-table.ts";
import { fileName } from "../stores/concept-name.ts";
import { Icon } from "./icon.tsx";
import { usePicture } from "./use-picture.ts";

interface PictureProps {
  item: Item | null;
  /** Null: the set has no pictures. */
  address: RowPicture | null;
  size: "thumb" | "tile" | "whole";
  /** Asked when there is nothing to show. */
  whyNot: (picture: RowPicture, size: PictureSize) => Promise<string | null>;
}

/** Tiles are sharp on dense screens, but seen at once. */
const sizes = { thumb: ["small"], tile: ["small", "large"], whole: ["small", "large"] } as const;

export function Picture({ item, address: picture, size, whyNot }: PictureProps): JSX.Element {
  const shown = usePicture(item === null ? null : picture, sizes[size], whyNot);
  if (item === null) return <span class={`picture picture-${size}`} />;
  const name = item.caption ?? fileName(item.file) ?? `image row ${item.row}`;
  const problem = pictureProblem(item, picture !== null, shown.refused);
  if (problem !== null) {
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
      {shown.address !== null && (
        <img
          src={shown.address}
          alt={shortened(name, 150)}
          title={size !== "thumb" ? shortened(name, 300) : undefined}
          loading="lazy"
          decoding="async"
          draggable={false}
          onLoad={shown.onLoad}
          onError={shown.onError}
        />
      )}
    </span>
  );
}

/** Why a picture cannot be shown, or null. `refused`: the server was asked and had none, for that reason. */
function pictureProblem(
  item: Item,
  hasPictures: boolean,
  refused: { reason: string | null } | null,
): string | null {
  if (item.file === null || item.file === "") return "no file named";
  if (isWebAddress(item.file)) return `on the web, not fetched: ${fileName(item.file)}`;
  if (!hasPictures) return `no picture folder: ${fileName(item.file)}`;
  if (refused === null) return null;
  return shortened(refused.reason ?? `cannot be shown: ${fileName(item.file)!}`, 90);
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
