import { expect, it } from "vitest";
import type { ChosenPicture } from "../data/chosen-picture.ts";
import { createAskedPicture } from "./asked-picture.ts";

const chosen = (name: string): ChosenPicture => ({ name, base64: "", address: `blob:${name}` });

function store() {
  const reading = new Map<string, { done: (picture: ChosenPicture) => void; fail: (error: Error) => void }>();
  const forgotten: string[] = [];
  const asked = createAskedPicture<string>({
    read: (name) => new Promise((done, fail) => reading.set(name, { done, fail })),
    forget: ({ name }) => forgotten.push(name),
  });
  return { asked, reading, forgotten };
}

it("keeps the picture that was taken last, and frees every other", async () => {
  const { asked, reading, forgotten } = store();
  const [slow, quick] = [asked.take("slow"), asked.take("quick")];
  reading.get("quick")!.done(chosen("quick"));
  await quick;
  reading.get("slow")!.done(chosen("slow"));
  await slow;
  expect([asked.picture.value?.name, forgotten]).toEqual(["quick", ["slow"]]);
  const next = asked.take("next");
  reading.get("next")!.done(chosen("next"));
  await next;
  asked.clear();
  expect([asked.picture.value, forgotten]).toEqual([null, ["slow", "quick", "next"]]);
});

it("says why one could not be taken, until there is another", async () => {
  const { asked, reading } = store();
  const bad = asked.take("bad");
  reading.get("bad")!.fail(new Error("bad has 40 MB"));
  await bad;
  expect([asked.picture.value, asked.problem.value]).toEqual([null, "bad has 40 MB"]);
  const good = asked.take("good");
  expect(asked.problem.value).toBeNull();
  reading.get("good")!.done(chosen("good"));
  await good;
  expect(asked.picture.value?.name).toBe("good");
});
