/** What a view is to the page around it: its name, its own part of the address, and where its code is. */
import type { ComponentType } from "preact";
import type { DictionaryTables, Modality, OtherTable } from "../data/dictionary-tables.ts";
import type { ConceptColumn } from "../data/concept-columns.ts";
import type { ItemTable } from "../data/item-table.ts";
import type { Fields } from "../stores/address-field.ts";
import type { SharedAddress } from "../stores/shared-address.ts";
import type { OpenDictionary } from "../stores/explorer-store.ts";
import type { IconName } from "../widgets/icon.tsx";
import type { ViewName } from "./registry.ts";

export interface View<Name extends string = string, Part extends object = object> {
  /** First segment of the address: `#/<name>`. */
  readonly name: Name;
  readonly title: string;
  readonly icon: IconName;
  /** Whether the navigation lists it; otherwise the listed view that stands for it there, if one does. */
  readonly navigation: "listed" | "apart" | { readonly under: ViewName };
  /** The key that goes to it after `g`; null: none. */
  readonly key: string | null;
  /** `dictionary`: drawn only over one that was measured, and its part of the address belongs to that one. */
  readonly needs: "study" | "dictionary";
  /** Statistics without which it is not drawn, beside those that every view has. */
  readonly columns?: readonly ConceptColumn[];
  /** Tables that it opens when it is the first view, and what it reads then, both before the statistics have come. */
  readonly tables?: readonly OtherTable[];
  readFirst?(from: FirstSources, address: Part & SharedAddress): Promise<unknown>;
  /** Its own part of the address. Names and keys are its own too: no other view may have them. */
  readonly fields: Fields<Part>;
  /** Of what all views share, what means nothing in this one: its address does not say it. */
  readonly without?: readonly (keyof SharedAddress)[];
  /** For views of one thing: `#/<name>/<rest>`. */
  readonly path?: ViewPath<Part & SharedAddress>;
  /** For a view of rows of the set: what the address has to say for it to show that one. */
  rowAddress?(side: Modality, row: number): Partial<Part & SharedAddress>;
  /** Goes before the study's name in the window's title; by default the view's title. */
  heading?(address: Part & SharedAddress): string;
  /** Its code, loaded when it is first shown. */
  load(): Promise<ComponentType<ViewProps>>;
}

export interface FirstSources {
  readonly tables: DictionaryTables;
  readonly images: ItemTable;
  readonly texts: ItemTable;
}

export interface ViewPath<A> {
  /** Names of the fields that the path says; the query does not repeat them. */
  readonly says: readonly string[];
  write(address: A): string;
  /** Null: nothing that the view could show. */
  read(rest: string): Partial<A> | null;
}

export interface ViewProps {
  /** Null while it is being read, and for views that need none. */
  opened: OpenDictionary | null;
}
