/** One thing that the search found, in a line. */
import "./hit-line.css";
import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import type { Item } from "../../data/item-table.ts";
import { useServices, type ExplorerServices } from "../../explorer-context.ts";
import type { Address } from "../../stores/address.ts";
import { fileName } from "../../stores/concept-name.ts";
import { valueOf } from "../../stores/loadable.ts";
import type { Hit } from "../../stores/search/search.ts";
import { Marked } from "../../widgets/marked.tsx";
import { Picture, shortened } from "../../widgets/picture.tsx";
import { Skeleton } from "../../widgets/skeleton.tsx";
import { ConceptLabelLine } from "../concept-label-line.tsx";
import type { View } from "../view.ts";

export function HitLine({ hit, query }: { hit: Hit; query: string }): JSX.Element | null {
  const { explorer } = useServices();
  const opened = valueOf(explorer.open.value);
  if (hit.kind === "item") return <ItemHit {...hit} query={query} />;
  return opened === null ? null : <ConceptLabelLine opened={opened} concept={hit.concept} />;
}

/** Where a hit leads; null while no view shows rows. */
export function hitAddress(hit: Hit, { views }: ExplorerServices): Partial<Address> | null {
  if (hit.kind === "concept") return { view: "concept", concept: hit.concept };
  for (const view of Object.values(views) as View[]) {
    const said = view.rowAddress?.(hit.side, hit.row);
    if (said !== undefined) return { ...said, view: view.name as Address["view"] };
  }
  return null;
}

function ItemHit({ side, row, query }: Extract<Hit, { kind: "item" }> & { query: string }): JSX.Element {
  const { explorer } = useServices();
  const item = useItem(side, row);
  const file = fileName(item?.file ?? null);
  return (
    <span class="hit">
      {side === "image" ? (
        <Picture
          whyNot={explorer.whyNoPicture}
          item={item}
          address={item === null ? null : explorer.picture(row)}
          size="thumb"
        />
      ) : (
        <span class="picture picture-thumb picture-absent picture-words" aria-hidden="true">
          Aa
        </span>
      )}
      <span class="hit-words">
        {item === null ? (
          <span class="hit-caption">
            <Skeleton width="40%" />
          </span>
        ) : (
          <span class="hit-caption" dir="auto">
            <Marked text={shortened(item.caption ?? file ?? `row ${row}`, 200)} words={query} />
          </span>
        )}
        {item !== null && item.caption !== null && file !== null && (
          <span class="hit-file" dir="auto">
            <Marked text={shortened(file, 120)} words={query} />
          </span>
        )}
      </span>
    </span>
  );
}

/** Null until it has been read; what cannot be read stays without content. */
function useItem(side: "image" | "text", row: number): Item | null {
  const { explorer } = useServices();
  const [item, setItem] = useState<{ of: string; item: Item } | null>(null);
  const of = `${side} ${row}`;
  useEffect(() => {
    let current = true;
    const settle = (read: Item): void => {
      if (current) setItem({ of, item: read });
    };
    const unread: Item = { row, file: null, caption: null, source: null };
    (side === "image" ? explorer.images : explorer.texts).read([row]).then(
      ([read]) => settle(read ?? unread),
      () => settle(unread),
    );
    return () => {
      current = false;
    };
  }, [of]);
  return item !== null && item.of === of ? item.item : null;
}
