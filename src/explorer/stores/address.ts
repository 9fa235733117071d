/**
 * What the address bar holds, and its text:
 * `#/map?dictionary=a&concept=12&q=dog&sort=-energy&at=3.1~-0.2~4`.
 * The first segment names the view; the query has what every view shares and the view's own part.
 * Whatever is not said is at its default, so that addresses stay short; nonsense is ignored.
 */
import type { ViewAddresses, ViewName, Views } from "../views/registry.ts";
import type { View } from "../views/view.ts";
import type { Field } from "./address-field.ts";
import { sharedFields, type SharedAddress } from "./shared-address.ts";

type Intersection<Union> = (Union extends unknown ? (one: Union) => void : never) extends (
  all: infer All,
) => void
  ? All
  : never;

/** The shared part and those of all views: what a view was last set to is kept while another is shown. */
export type Address = { view: ViewName } & SharedAddress & Intersection<ViewAddresses[ViewName]>;

export interface AddressBook {
  readonly format: (address: Address) => string;
  /** `before` gives what an address does not say of views that it is not about. */
  readonly parse: (hash: string, before?: Address) => Address;
  /** The view of an address that names none. */
  readonly home: ViewName;
  /** The parts of views over a dictionary at their defaults: they mean nothing in another one. */
  readonly ofDictionary: Partial<Address>;
}

type AnyFields = Readonly<Record<string, Field<unknown>>>;
type Values = Record<string, unknown>;

export function createAddressBook(views: Views): AddressBook {
  const all: readonly View[] = Object.values(views);
  const home: View = all[0]!;
  const initial = Object.assign({}, ...all.map(({ fields }) => initialOf(fields))) as Values;

  return {
    home: home.name as ViewName,

    format(address) {
      const view: View = views[address.view];
      const query = new URLSearchParams();
      const values: Values = { ...address };
      const unsaid: readonly string[] = [...(view.path?.says ?? []), ...(view.without ?? [])];
      for (const [name, field] of Object.entries<Field<unknown>>({ ...sharedFields, ...view.fields })) {
        if (!unsaid.includes(name)) field.write(values[name], query);
      }
      const path = view.path === undefined ? view.name : `${view.name}/${view.path.write(address)}`;
      const text = query.toString();
      return `#/${path}${text === "" ? "" : `?${text}`}`;
    },

    parse(hash, before) {
      const [path = "", search = ""] = hash.replace(/^#\/?/, "").split("?", 2);
      const query = new URLSearchParams(search);
      const slash = path.indexOf("/");
      const name = slash < 0 ? path : path.slice(0, slash);
      const named = all.find((view) => view.name === name);
      const said = named?.path?.read(slash < 0 ? "" : path.slice(slash + 1));
      const view = named === undefined || said === null ? home : named;
      return {
        view: view.name as ViewName,
        ...valuesOf(sharedFields, query),
        ...initial,
        ...pick(before, [...Object.keys(initial), ...(view.without ?? [])]),
        ...valuesOf(view.fields, query),
        ...said,
      } as Address;
    },

    ofDictionary: Object.assign(
      {},
      ...all.filter(({ needs }) => needs === "dictionary").map(({ fields }) => initialOf(fields)),
    ) as Partial<Address>,
  };
}

function initialOf(fields: object): Values {
  return mapped(fields, (field) => field.initial);
}

function valuesOf(fields: object, query: URLSearchParams): Values {
  return mapped(fields, (field) => field.read(query));
}

function mapped(fields: object, value: (field: Field<unknown>) => unknown): Values {
  return Object.fromEntries(Object.entries(fields as AnyFields).map(([name, field]) => [name, value(field)]));
}

/** Those values of `from` that have one of the names. */
function pick(from: object | undefined, names: readonly string[]): Values {
  return Object.fromEntries(Object.entries(from ?? {}).filter(([name]) => names.includes(name)));
}
