/** What belongs to the row on the other side: choosing one shows why it matches. */
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import type { Modality } from "../../data/dictionary-tables.ts";
import type { Item } from "../../data/item-table.ts";
import type { Partner } from "../../data/pair-table.ts";
import { useExplorer } from "../../explorer-context.ts";
import { fileName } from "../../stores/concept-name.ts";
import { valueOf } from "../../stores/loadable.ts";
import { useArrival, type Arrival } from "../../use-arrival.ts";
import { Failure } from "../../widgets/failure.tsx";
import { count } from "../../widgets/number-text.ts";
import { Picture, shortened } from "../../widgets/picture.tsx";
import { ItemLink } from "../item-link.tsx";

/** On the page at first: a caption may belong to many pictures. */
const longestList = 12;

interface ItemPartnersProps {
  /** Of the row that the page is about. */
  side: Modality;
  partners: Arrival<Partner[]>;
  /** The row that the match is shown with. */
  chosen: number | null;
}

export function ItemPartners({ side, partners, chosen }: ItemPartnersProps): JSX.Element {
  const explorer = useExplorer();
  const other = side === "image" ? "text" : "image";
  const [length, setLength] = useState(longestList);
  const all = partners.stale ? [] : (valueOf(partners.content) ?? []);
  const isPair = chosen === null || all.some(({ row }) => row === chosen);
  const rows = [...(isPair || partners.stale ? [] : [chosen]), ...all.slice(0, length).map(({ row }) => row)];
  const items = useArrival(
    () => (other === "image" ? explorer.images : explorer.texts).read(rows),
    `${other} ${rows.join()}`,
  );
  const known = new Map((valueOf(items.content) ?? []).map((item) => [item.row, item]));
  const title = other === "text" ? "Its captions" : "Its pictures";
  const withoutPairs = valueOf(explorer.study.value)?.set.pairs === 0;
  return (
    <section class="item-panel">
      <h2>{title}</h2>
      <Failure content={partners.content} />
      {!partners.stale && partners.content.state === "ready" && all.length === 0 && (
        <p class="nothing">
          {withoutPairs
            ? "The set has no pairs: import it with --pairs or --paired-rows."
            : other === "text"
              ? "No caption of the set belongs to this picture."
              : "No picture of the set belongs to this caption."}
        </p>
      )}
      <ul class={other === "image" ? "partner-pictures" : "partner-captions"}>
        {rows.map((row, i) => (
          <li key={row}>
            <button
              type="button"
              class="partner"
              aria-pressed={row === chosen}
              title="Show why it matches"
              onClick={() => explorer.navigate({ partner: row }, "replace")}
            >
              <Shown side={other} row={row} item={items.stale ? null : (known.get(row) ?? null)} />
            </button>
            <span class="partner-foot">
              {!isPair && i === 0 && "not a pair of the set · "}
              <ItemLink
                side={other}
                row={row}
                label={`Open ${other === "image" ? "picture" : "caption"} ${row}`}
              >
                open
              </ItemLink>
            </span>
          </li>
        ))}
      </ul>
      {all.length > length && (
        <button type="button" class="link-button" onClick={() => setLength(length + 48)}>
          Show more of {count(all.length)}
        </button>
      )}
    </section>
  );
}

function Shown({ side, row, item }: { side: Modality; row: number; item: Item | null }): JSX.Element {
  const explorer = useExplorer();
  if (side === "image") {
    return <Picture whyNot={explorer.whyNoPicture} item={item} address={explorer.picture(row)} size="tile" />;
  }
  const words = item?.caption ?? fileName(item?.file ?? null);
  return (
    <span class="caption-text" dir="auto">
      {item === null ? "…" : words === null || words.trim() === "" ? `caption ${row}` : shortened(words, 400)}
    </span>
  );
}
