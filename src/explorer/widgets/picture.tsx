/** A picture of an image row, or a tile that says what it is of and why it cannot be seen. */
import "./picture.css";
import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { isWebAddress } from "../../base/web-address.ts";
import type { PictureSize, RowPicture } from "../data/data-source.ts";
import type { Item } from "../data/item-table.ts";
import { fileName } from "../stores/concept-name.ts";
import { Icon } from "./icon.tsx";

interface PictureProps {
  item: Item | null;
  /** Null: the set has no pictures. */
  address: RowPicture | null;
  size: "thumb" | "tile";
  /** Asked when there is nothing to show. */
  whyNot: (picture: RowPicture, size: PictureSize) => Promise<string | null>;
}

/** What came of a picture: its address, or that it has none and why. */
interface Outcome {
  key: string;
  address: string | null;
  reason: string | null;
}

export function Picture({ item, address: picture, size, whyNot }: PictureProps): JSX.Element {
  const key = picture?.key ?? "";
  const pixels = size === "thumb" ? "small" : "large";
  const [outcome, setOutcome] = useState<Outcome | null>(null);
  const shown = item !== null && picture !== null ? addressAtOnce(picture, pixels) : null;
  const later = shown === null && item !== null && picture !== null;

  const explain = (found: RowPicture): void => {
    setOutcome({ key, address: null, reason: null });
    void whyNot(found, pixels).then((reason) => setOutcome({ key, address: null, reason }));
  };
  useEffect(() => {
    if (!later || picture === null) return;
    let current = true;
    Promise.resolve(picture.address(pixels)).then(
      (address) => current && setOutcome({ key, address, reason: null }),
      () => current && explain(picture),
    );
    return () => {
      current = false;
    };
  }, [key, later, pixels]);

  if (item === null) return <span class={`picture picture-${size}`} />;
  const name = item.caption ?? fileName(item.file) ?? `image row ${item.row}`;
  const found = outcome !== null && outcome.key === key ? outcome : null;
  const refused = found !== null && found.address === null ? found : null;
  const problem = pictureProblem(item, picture !== null, refused);
  if (problem !== null || picture === null) {
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
  const address = shown ?? found?.address ?? null;
  return (
    <span class={`picture picture-${size}`}>
      {address !== null && (
        <img
          src={address}
          alt={shortened(name, 150)}
          title={size === "tile" ? shortened(name, 300) : undefined}
          loading="lazy"
          decoding="async"
          draggable={false}
          onError={() => explain(picture)}
        />
      )}
    </span>
  );
}

function addressAtOnce(picture: RowPicture, size: PictureSize): string | null {
  const address = picture.address(size);
  return typeof address === "string" ? address : null;
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
