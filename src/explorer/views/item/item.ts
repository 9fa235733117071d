/** One picture or caption: `#/item/image/12?with=34`. */
import type { Modality } from "../../data/dictionary-tables.ts";
import { index, oneOf, wholeNumber } from "../../stores/address-field.ts";
import type { View } from "../view.ts";

export interface ItemAddress {
  itemSide: Modality;
  itemRow: number | null;
  /** The row of the other side that it is held against; null: the first that belongs to it. */
  partner: number | null;
}

export const itemView: View<"item", ItemAddress> = {
  name: "item",
  title: "Item",
  icon: "pictures",
  navigation: "apart",
  key: null,
  needs: "study",
  without: ["concept", "filter", "sort", "onlyPicked"],
  fields: {
    itemSide: oneOf("side", ["image", "text"]),
    itemRow: index("row"),
    partner: index("with"),
  },
  path: {
    says: ["itemSide", "itemRow"],
    write: ({ itemSide, itemRow }) => `${itemSide}/${itemRow ?? 0}`,
    read(rest) {
      const [side, digits, ...more] = rest.split("/");
      const itemRow = wholeNumber(digits);
      if ((side !== "image" && side !== "text") || itemRow === null || more.length > 0) return null;
      return { itemSide: side, itemRow };
    },
  },
  rowAddress: itemAddress,
  heading: ({ itemSide, itemRow }) => `${itemSide === "image" ? "Picture" : "Caption"} ${itemRow ?? 0}`,
  load: async () => (await import("./item-view.tsx")).ItemView,
};

function itemAddress(itemSide: Modality, itemRow: number): ItemAddress {
  return { itemSide, itemRow, partner: null };
}
