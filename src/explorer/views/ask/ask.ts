/** A sentence or a picture of one's own, seen through the concepts: `#/ask?text=a red fish`. */
import { words } from "../../stores/address-field.ts";
import type { View } from "../view.ts";

export interface AskAddress {
  /** The sentence. */
  asked: string;
}

export const askView: View<"ask", AskAddress> = {
  name: "ask",
  title: "Ask",
  icon: "search",
  navigation: "listed",
  key: "a",
  needs: "dictionary",
  fields: { asked: words("text") },
  load: async () => (await import("./ask-view.tsx")).AskView,
};
