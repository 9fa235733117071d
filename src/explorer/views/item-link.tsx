/** What leads to the page of a picture or a caption. */
import type { ComponentChildren, JSX } from "preact";
import type { Modality } from "../data/dictionary-tables.ts";
import { useExplorer } from "../explorer-context.ts";

interface ItemLinkProps {
  side: Modality;
  row: number;
  class?: string;
  /** Goes before the content for screen readers, where that does not say it. */
  label?: string;
  children: ComponentChildren;
}

export function ItemLink({ side, row, class: name, label, children }: ItemLinkProps): JSX.Element {
  const address = { view: "item", itemSide: side, itemRow: row, partner: null } as const;
  return (
    <a class={name} href={useExplorer().href(address)}>
      {label !== undefined && <span class="visually-hidden">{label} </span>}
      {children}
    </a>
  );
}
