/** The strongest bridges of a dictionary: `#/bridges?show=graph&joins=single&significant=only`. */
import { bridgeKinds, type BridgeKind } from "../../stores/bridge-selection.ts";
import { atLeast, flag, oneOf, share } from "../../stores/address-field.ts";
import type { View } from "../view.ts";

export type BridgeDrawing = "list" | "matrix" | "graph";

export interface BridgesAddress {
  bridgeDrawing: BridgeDrawing;
  bridgeKind: BridgeKind;
  /** Leaves out bridges of a concept to itself. */
  bridgeDifferent: boolean;
  bridgeSignificant: boolean;
  /** Least score. */
  bridgeScore: number;
  /** Greatest q-value, of the larger of both. */
  bridgeQ: number;
}

export const bridgesView: View<"bridges", BridgesAddress> = {
  name: "bridges",
  title: "Bridges",
  icon: "bridge",
  navigation: "listed",
  key: "b",
  needs: "dictionary",
  tables: ["strongestBridges"],
  columns: ["exampleCount", "topImage", "topText"],
  readFirst: ({ tables, images, texts }) =>
    Promise.all([tables.strongestBridges(), images.open(), texts.open(), tables.words()]),
  fields: {
    bridgeDrawing: oneOf("show", ["list", "matrix", "graph"]),
    bridgeKind: oneOf("joins", bridgeKinds),
    bridgeDifferent: flag("different", "only"),
    bridgeSignificant: flag("significant", "only"),
    bridgeScore: atLeast("score"),
    bridgeQ: share("q-value", 1),
  },
  load: async () => (await import("./bridges-view.tsx")).BridgesView,
};
