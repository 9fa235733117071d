import { expect, it } from "vitest";
import { memoryStorage } from "../testing/memory-storage.ts";
import { browserStorage, tryToKeep } from "./browser-storage.ts";

it("keeps where it may, and says so where it may not", () => {
  const open = browserStorage(() => memoryStorage());
  expect(tryToKeep(open, "theme", "dark")).toBe(true);
  expect(open.getItem("theme")).toBe("dark");
  const shut = browserStorage(() => {
    throw new DOMException("denied", "SecurityError");
  });
  expect(shut.getItem("theme")).toBeNull();
  expect(tryToKeep(shut, "theme", "dark")).toBe(false);
  expect(() => shut.setItem("theme", "dark")).toThrow("stores nothing");
});
