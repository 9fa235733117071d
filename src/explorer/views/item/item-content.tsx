/** The picture or the caption itself, with its file and what else the set says of it. */
import type { JSX } from "preact";
import type { Modality } from "../../data/dictionary-tables.ts";
import type { Item } from "../../data/item-table.ts";
import { useExplorer } from "../../explorer-context.ts";
import { fileName } from "../../stores/concept-name.ts";
import { valueOf } from "../../stores/loadable.ts";
import { useArrival } from "../../use-arrival.ts";
import { Failure } from "../../widgets/failure.tsx";
import { Picture, shortened } from "../../widgets/picture.tsx";
import { Skeleton } from "../../widgets/skeleton.tsx";
import { ItemDetails } from "../concept/item-details.tsx";

/** Characters of a caption; the rest is in the set. */
const longest = 4000;

export function ItemContent({ side, row }: { side: Modality; row: number }): JSX.Element {
  const explorer = useExplorer();
  const table = side === "image" ? explorer.images : explorer.texts;
  const { content, stale } = useArrival(async () => (await table.read([row]))[0]!, `${side} ${row}`);
  const item = stale ? null : valueOf(content);
  const file = fileName(item?.file ?? null);
  return (
    <section class="item-content" aria-label={side === "image" ? "The picture" : "The caption"}>
      {!stale && <Failure content={content} />}
      {side === "image" && (
        <div class="item-picture">
          <Picture
            key={row}
            whyNot={explorer.whyNoPicture}
            item={item}
            address={explorer.picture(row)}
            size="whole"
          />
        </div>
      )}
      {item === null && content.state !== "failed" && <Skeleton width="60%" />}
      {item !== null && <Words item={item} side={side} />}
      {item !== null && file !== null && (
        <p class="item-file" dir="auto" title={shortened(item.file!, 600)}>
          {shortened(file, 200)}
        </p>
      )}
      {item !== null && <ItemDetails key={`${side} ${row}`} table={table} row={row} item={item} />}
    </section>
  );
}

function Words({ item, side }: { item: Item; side: Modality }): JSX.Element | null {
  const caption = item.caption ?? "";
  if (caption.trim() !== "") {
    return (
      <p class={side === "text" ? "item-caption" : "item-words"} dir="auto">
        {shortened(caption, longest)}
      </p>
    );
  }
  return side === "text" ? <p class="nothing">The set holds no caption for this row.</p> : null;
}
