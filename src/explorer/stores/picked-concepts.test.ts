import { computed, signal } from "@preact/signals";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createPickedConcepts, pickedField, type Picked } from "./picked-concepts.ts";

function start(kept = new Map<string, string>()) {
  const address = signal("");
  const picked = createPickedConcepts(
    {
      picked: computed(() => pickedField.read(new URLSearchParams(address.value))),
      write(next: Picked) {
        const query = new URLSearchParams();
        pickedField.write(next, query);
        address.value = query.toString();
      },
    },
    { read: (key) => kept.get(key) ?? null, write: (key, text) => void kept.set(key, text) },
  );
  return { address, picked, kept };
}

describe("picked concepts", () => {
  it("are in the address while they are few", () => {
    const { address, picked } = start();
    picked.toggle(9);
    picked.add([3, 12, 3]);
    expect(address.value).toBe("pick=3.9.12");
    expect([picked.has(9), picked.has(4), picked.shared.value]).toEqual([true, false, true]);
    picked.toggle(9);
    picked.remove([12, 99]);
    expect(picked.concepts.value).toEqual([3]);
    picked.clear();
    expect(address.value).toBe("");
  });

  it("are kept by the browser when they are many, and the same set has the same address", () => {
    const { address, picked, kept } = start();
    picked.add(Array.from({ length: 50 }, (_, j) => j));
    expect(picked.shared.value).toBe(true);
    picked.add([700]);
    expect(picked.shared.value).toBe(false);
    expect(address.value).toMatch(/^pick=kept-[0-9a-f]{8}$/);
    expect(picked.concepts.value).toHaveLength(51);
    const before = address.value;
    picked.toggle(701);
    picked.toggle(701);
    expect(address.value).toBe(before);
    const later = start(kept);
    later.address.value = before;
    expect(later.picked.concepts.value.at(-1)).toBe(700);
    expect(later.picked.lost.value).toBe(false);
  });

  it("say that they are lost where the browser never had them", () => {
    const { address, picked } = start();
    address.value = "pick=kept-0123abcd";
    expect([picked.lost.value, picked.concepts.value.length]).toEqual([true, 0]);
    picked.toggle(4);
    expect([picked.lost.value, address.value]).toEqual([false, "pick=4"]);
  });

  it.each(["pick=a", "pick=1..2", "pick=-1", "pick=kept-xyz", "pick=1.2.", "pick=99999999999"])(
    "ignore nonsense: %s",
    (query) => expect(pickedField.read(new URLSearchParams(query))).toEqual([]),
  );

  it("come back from the address as they were", () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.nat({ max: 99_999 }), { maxLength: 120 }), (concepts) => {
        const { picked } = start();
        picked.add(concepts);
        expect(picked.concepts.value).toEqual(concepts.toSorted((a, b) => a - b));
      }),
    );
  });
});
