/** The address as a signal; every change of it goes through `navigate`. */
import { signal, type ReadonlySignal } from "@preact/signals";
import type { Address, AddressBook } from "./address.ts";

/** The browser's address bar, handed in. */
export interface AddressBar {
  read(): string;
  push(hash: string): void;
  replace(hash: string): void;
  /** Calls back when the user goes back, forward or edits the address. */
  onChange(callback: () => void): void;
}

export interface Router {
  readonly address: ReadonlySignal<Address>;
  /** The view of an address that names none. */
  readonly home: Address["view"];
  /** `push` adds to the history, `replace` does not (typing in a filter, walking a list). */
  navigate(change: Partial<Address>, how?: "push" | "replace"): void;
  /** The address text after a change, for links. */
  href(change: Partial<Address>): string;
}

export function createRouter(bar: AddressBar, book: AddressBook): Router {
  const address = signal(book.parse(bar.read()));
  bar.onChange(() => {
    const before = address.peek();
    if (bar.read() !== book.format(before)) address.value = book.parse(bar.read(), before);
  });
  return {
    address,
    home: book.home,
    navigate(change, how = "push") {
      const next = { ...address.peek(), ...change };
      const text = book.format(next);
      if (text !== book.format(address.peek())) {
        if (how === "push") bar.push(text);
        else bar.replace(text);
      } else if (!changes(address.peek(), next)) return;
      address.value = next;
    },
    href: (change) => book.format({ ...address.value, ...change }),
  };
}

/** Also in what the address does not say now: the part of a view that is not shown. */
function changes(before: Address, after: Address): boolean {
  return Object.entries(after).some(([name, value]) => before[name as keyof Address] !== value);
}
