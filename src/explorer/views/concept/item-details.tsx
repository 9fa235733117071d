/** Source and further columns of one row, behind a summary that opens by click or key; read when it is opened. */
import "./item-details.css";
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import type { Item, ItemTable } from "../../data/item-table.ts";
import { failed, loading, ready, type Loadable } from "../../stores/loadable.ts";
import { Failure } from "../../widgets/failure.tsx";
import { shortened } from "../../widgets/picture.tsx";

interface ItemDetailsProps {
  table: ItemTable;
  row: number;
  item: Item | null;
}

export function ItemDetails({ table, row, item }: ItemDetailsProps): JSX.Element | null {
  const [content, setContent] = useState<Loadable<[string, string][]>>(loading);
  if (table.furtherNames.length === 0 && (item?.source ?? null) === null) return null;
  return (
    <details
      class="item-details"
      onToggle={(event) => {
        if (!event.currentTarget.open || content.state === "ready") return;
        table.further(row).then(
          (cells) => setContent(ready(cells)),
          (error: unknown) => setContent(failed(error)),
        );
      }}
    >
      <summary>row {row}</summary>
      <Failure content={content} />
      {content.state === "ready" && content.value.length === 0 && <p>no source or further columns</p>}
      {content.state === "ready" && (
        <dl>
          {content.value.map(([name, text]) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd dir="auto">{shortened(text, 600)}</dd>
            </div>
          ))}
        </dl>
      )}
    </details>
  );
}
