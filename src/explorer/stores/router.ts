/** The address as a signal; every change of it goes through `navigate`. */
import { signal, type ReadonlySignal } from "@preact/signals";
import { formatAddress, parseAddress, type Address } from "./address.ts";

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
  /** `push` adds to the history, `replace` does not (typing in a filter, walking a list). */
  navigate(change: Partial<Address>, how?: "push" | "replace"): void;
  /** The address text after a change, for links. */
  href(change: Partial<Address>): string;
}

export function createRouter(bar: AddressBar): Router {
  const address = signal(parseAddress(bar.read()));
  bar.onChange(() => {
    if (bar.read() !== formatAddress(address.peek())) address.value = parseAddress(bar.read());
  });
  return {
    address,
    navigate(change, how = "push") {
      const next = { ...address.peek(), ...change };
      const text = formatAddress(next);
      if (text === formatAddress(address.peek())) return;
      if (how === "push") bar.push(text);
      else bar.replace(text);
      address.value = next;
    },
    href: (change) => formatAddress({ ...address.value, ...change }),
  };
}
