import { describe, expect, it } from "vitest";
import { browserNames, serverNames, type NameKeeper } from "../data/name-keeper.ts";
import { memoryStorage } from "../testing/memory-storage.ts";
import { NameStore } from "./name-store.ts";

const learned = ["red car", "dog", "tree"];

describe("names of concepts", () => {
  it("are the reader's, else the method's, else none", async () => {
    const storage = memoryStorage();
    const names = new NameStore(
      "one",
      { learned, given: new Map([[1, "wolf"]]) },
      browserNames(storage, "s"),
    );
    expect([0, 1, 7].map((j) => names.nameOf(j))).toEqual(["red car", "wolf", null]);
    const before = names.revision.value;
    await names.rename(0, "  fire \n engine\u0000 ");
    await names.rename(1, "");
    expect([0, 1].map((j) => names.nameOf(j))).toEqual(["fire engine", "dog"]);
    expect(names.revision.value).toBe(before + 2);
    expect(names.given()).toEqual({ "0": "fire engine" });
    // What was taken away stays away, although the study's file still has it.
    const again = new NameStore(
      "one",
      { learned, given: new Map([[1, "wolf"]]) },
      browserNames(storage, "s"),
    );
    expect([0, 1].map((j) => again.nameOf(j))).toEqual(["fire engine", "dog"]);
    const other = new NameStore("two", { learned: null, given: new Map() }, browserNames(storage, "s"));
    expect(other.nameOf(0)).toBeNull();
  });

  it("are taken back when they cannot be kept, and refused when they are too long", async () => {
    const keeper: NameKeeper = {
      where: "study",
      read: () => new Map(),
      keep: async () => {
        throw new Error("no room");
      },
    };
    const names = new NameStore("one", { learned, given: new Map() }, keeper);
    const renaming = names.rename(2, "oak");
    expect(names.nameOf(2)).toBe("oak");
    await expect(renaming).rejects.toThrow("no room");
    expect(names.nameOf(2)).toBe("tree");
    await expect(names.rename(2, "x".repeat(201))).rejects.toThrow(/201 characters; at most 200/);
  });

  it("survive a browser's storage that holds something else", () => {
    const storage = memoryStorage(new Map([["viaduct.names.s.one", "[1"]]));
    expect(browserNames(storage, "s").read("one").size).toBe(0);
    storage.content.set("viaduct.names.s.one", '{"3":"a","x":"b","4":5}');
    expect([...browserNames(storage, "s").read("one")]).toEqual([[3, "a"]]);
  });

  it("are sent to the server with their type, and its reason comes back", async () => {
    const sent: unknown[] = [];
    const keeper = serverNames("data/", async (address, init) => {
      sent.push([address, init?.method, init?.body]);
      return new Response("the study has no such concept\n", {
        status: sent.length === 1 ? 200 : 404,
        headers: { "content-type": "text/plain; charset=utf-8" },
      });
    });
    await keeper.keep("a b", 3, '<b>"x"</b>');
    expect(sent).toEqual([["data/names/a%20b/3", "PUT", '{"name":"<b>\\"x\\"</b>"}']]);
    await expect(keeper.keep("a b", 3, "")).rejects.toThrow("not kept: the study has no such concept");
  });
});
